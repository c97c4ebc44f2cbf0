import type { EngineStack, Run } from "../../engine";

/** A line of a shell, as far as pages use one. */
export interface Command {
  readonly env: Readonly<Record<string, string>>;
  readonly words: readonly string[];
}

/** The commands of a block: one for each line, or several with `&&` between them; comments are left out. */
export function commandsIn(text: string): readonly string[] {
  return text
    .split("\n")
    .flatMap((line) => line.replace(/\s+#.*$/, "").split(" && "))
    .map((command) => command.trim())
    .filter((command) => command !== "");
}

export function parseCommand(line: string): Command {
  const all = [...line.matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g)].map(([word]) => word.replace(/['"]/g, ""));
  const first = all.findIndex((word) => !/^[A-Z_]+=/.test(word));
  const env = Object.fromEntries(
    all.slice(0, first).map((word) => [nameIn(word), word.slice(nameIn(word).length + 1)]),
  );
  return { env, words: all.slice(first) };
}

function nameIn(assignment: string): string {
  return assignment.slice(0, assignment.indexOf("="));
}

/** Runs a command of the Pulumi CLI on a stack of the harness. Undefined for one that has no output of its own. */
export async function runPulumi(
  line: string,
  name: string,
  stack: EngineStack,
  more: Command["env"] = {},
): Promise<Run | undefined> {
  const { env: own, words } = parseCommand(line);
  const env = { ...own, ...more };
  const [program, verb = "", ...rest] = words;
  if (program !== "pulumi") throw new Error(`${line}: this is not a command of Pulumi`);
  if (verb === "stack" || verb === "config") {
    if (verb === "config") await setConfig(line, rest, stack);
    else if (!/^(init|rm) /.test(rest.join(" ")) || rest[1] !== name) throw new Error(`${line}: no harness for it`);
    return undefined;
  }
  const known: Readonly<Record<string, readonly string[]>> = {
    preview: ["--refresh"],
    up: ["--yes", "--refresh"],
    refresh: ["--yes"],
    destroy: ["--yes", "--run-program"],
  };
  const strange = rest.find((flag) => known[verb]?.includes(flag) !== true);
  if (known[verb] === undefined || strange !== undefined) throw new Error(`${line}: no harness for it`);
  const options = { env, skipPreview: true, refresh: rest.includes("--refresh") };
  switch (verb) {
    case "preview":
      return await stack.preview(options);
    case "up":
      return await stack.up(options);
    case "refresh":
      return await stack.refresh({ env, skipPreview: true });
    default:
      return await stack.destroy({ ...options, runProgram: rest.includes("--run-program") });
  }
}

async function setConfig(line: string, [set, ...rest]: readonly string[], stack: EngineStack): Promise<void> {
  const [key, value] = rest.filter((word) => !word.startsWith("--"));
  if (set !== "set" || key === undefined || value === undefined) throw new Error(`${line}: no harness for it`);
  const [path = "", index] = key.split("[");
  const full = path.includes(":") ? path : `shop:${path}`;
  const text = index === undefined ? value : JSON.stringify([value]);
  await stack.setConfig(full, rest.includes("--secret") ? { secret: text } : text);
}
