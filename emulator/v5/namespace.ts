import type { Call } from "../api/call";
import { matchesTag } from "../api/untrusted-lists";
import { HttpProblem } from "../http/response";
import { requireTags } from "../http/keys";
import { parseInput } from "./parse";
import { namespacePath } from "./schemas";

/** The namespace in the path. Throws 400 when it is not valid, and 403 when the key may not use it. */
export function requireNamespace(call: Call): string {
  const { namespace } = parseInput(call, namespacePath, { namespace: call.params["namespace"] });
  requireTags(call.key, [namespace]);
  return namespace;
}

/** The slot of a document of the namespace, by id or caller-defined id. */
export function findIn({ world: { behaviour, store } }: Call, namespace: string, id: string): number | undefined {
  return store.find(id, (slot) => store.tagsOf(slot).some((tag) => matchesTag(behaviour, namespace, tag)));
}

export function namespaceNotFound(namespace: string): HttpProblem {
  return new HttpProblem(404, "Namespace not found", `no namespace has the name ${namespace}`);
}
