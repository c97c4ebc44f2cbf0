import { type Answer, problem } from "../http/answer";

/** A generation of the API: v3 has the paths `/v3/...`; v5 has `/ns`, `/ns/...`, `/namespaces` and `/connectors`. */
export type Api = "v3" | "v5";

/** `off`: every route of the generation answers 404; `gone`: 410. Both have no effect and ask for no key. */
export type ApiState = "on" | "off" | "gone";

/** The generation that a path belongs to; null for a path of neither. */
export function apiOf(path: string): Api | null {
  const [, first] = path.split("/", 2);
  if (first === "v3") return "v3";
  return first === "ns" || first === "namespaces" || first === "connectors" ? "v5" : null;
}

/** What a generation that is switched off answers; it names no document, container or namespace. */
export function switchedOff(state: Exclude<ApiState, "on">): Answer {
  switch (state) {
    case "off":
      return problem(404, "Not Found");
    case "gone":
      return problem(410, "Gone", "this version of the API has been retired");
  }
}
