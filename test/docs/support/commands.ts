import type { EngineStack, Run } from "../../engine";

/** The commands of a block: one for each line, or several with `&&` between them; comments are left out. */
export function commandsIn(text: string): readonly string[] {
  return text
    .split("\n")
    .flatMap((line) => line.replace(/\s+#.*$/, "").split(" && "))
    .map((command) => command.trim())
    .filter((command) => command !== "");
}

export function parseCommand(line: string) {
  const all = [...line.matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g)].map(([word]) => word.replace(/['"]/g, ""));
  const first = all.findIndex((word) => !/^[A-Z_]+=/.test(word));
  const assigned = all.slice(0, first).map((word) => /^([^=]+)=(.*)$/.exec(word) ?? []);
  return {
    env: Object.fromEntries(assigned.map(([, name = "", value = ""]) => [name, value])),
    words: all.slice(first),
  };
}

/** Runs a command of the Pulumi CLI on a stack of the harness. Undefined for one that has no output of its own. */
export async function runPulumi(
  line: string,
  name: string,
  stack: EngineStack,
  more: Readonly<Record<string, string>> = {},
): Promise<Run | undefined> {
  const command = parseCommand(line);
  const env = { ...command.env, ...more };
  const [program, verb = "", ...rest] = command.words;
  if (program !== "pulumi") throw new Error(`${line}: this is not a command of Pulumi`);
  if (verb === "state") {
    const [action, urn] = rest;
    if (action !== "delete" || urn === undefined) throw new Error(`${line}: no harness for it`);
    await stack.forget(urn);
    return undefined;
  }
  if (verb === "stack" || verb === "config") {
    if (verb === "config") await setConfig(line, rest, stack);
    else if (!/^(init|rm) /.test(rest.join(" ")) || rest[1] !== name) throw new Error(`${line}: no harness for it`);
    return undefined;
  }
  const options = { env, skipPreview: true, refresh: rest.includes("--refresh") };
  const [runProgram, previewOnly] = [rest.includes("--run-program"), rest.includes("--preview-only")];
  const known: Readonly<Record<string, readonly [flags: readonly string[], run: () => Promise<Run>]>> = {
    preview: [["--refresh"], () => stack.preview(options)],
    up: [["--yes", "--refresh"], () => stack.up(options)],
    refresh: [["--yes"], () => stack.refresh({ env, skipPreview: true })],
    destroy: [
      ["--yes", "--run-program", "--refresh", "--preview-only"],
      () => stack.destroy({ ...options, runProgram, previewOnly }),
    ],
  };
  const [flags, run] = known[verb] ?? [];
  if (run === undefined || rest.some((flag) => flags?.includes(flag) !== true)) {
    throw new Error(`${line}: no harness for it`);
  }
  return await run();
}

async function setConfig(line: string, [set, ...rest]: readonly string[], stack: EngineStack): Promise<void> {
  const [key, value] = rest.filter((word) => !word.startsWith("--"));
  if (set !== "set" || key === undefined || value === undefined) throw new Error(`${line}: no harness for it`);
  const [path = "", index] = key.split("[");
  const full = path.includes(":") ? path : `shop:${path}`;
  const text = index === undefined ? value : JSON.stringify([value]);
  await stack.setConfig(full, rest.includes("--secret") ? { secret: text } : text);
}
