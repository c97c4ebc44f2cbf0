import { engineFor, findCli, titleOf } from "../../engine";
import { type Block, blocksOf, exampleSettings, readPage } from "./blocks";
import { commandsIn } from "./commands";
import { diagramProblem } from "./diagram";
import { missingFiles } from "./files";
import { hasJq } from "./jq";
import { unknownCommand } from "./known-commands";
import type { Story, Teller } from "./story";
import { notIn } from "./text";

/**
 * One test for each block of a page, whose name says how it is checked. A story runs once, with the first block that is
 * part of it. A block that nothing checks fails.
 */
export function describePage(page: string, stories: Readonly<Record<string, Story>> = {}): void {
  const told = new Map<string, Promise<Teller>>();
  const tell = async (name: string): Promise<Teller> => {
    const story = stories[name];
    if (story === undefined) throw new Error(`there is no story "${name}"`);
    const running = told.get(name) ?? story();
    told.set(name, running);
    return await running;
  };
  describe(page, () => {
    const blocks = blocksOf(page);
    for (const [index, block] of blocks.entries()) {
      const needs = missing(block, index > 0 ? blocks[index - 1] : undefined);
      const run = needs === undefined ? test : test.skip;
      const title = `line ${block.line}, ${block.language || "text"}: ${howChecked(block)}`;
      run(needs === undefined ? title : `${title} (there is no ${needs} here)`, async () => {
        await checkBlock(block, tell);
      });
    }

    test("every story is of the page", () => {
      const named = new Set(blocks.map(({ check }) => check?.story));
      expect(Object.keys(stories).filter((name) => !named.has(name))).toEqual([]);
    });
  });
}

/** The program that this machine lacks to check a block, which then counts as skipped. */
function missing({ check, text }: Block, before: Block | undefined): string | undefined {
  const needsCli = check?.story === "suite" || check?.name === "rotation/checkout";
  if (needsCli && findCli() === undefined) return "Pulumi CLI";
  const usesJq = [text, check?.kind === "output" ? before?.text : undefined].some((one) => one?.startsWith("jq "));
  return usesJq && !hasJq ? "jq" : undefined;
}

function howChecked({ check }: Block): string {
  const on = titleOf(engineFor());
  const ways: Readonly<Record<string, string>> = {
    program: `runs in the story "${check?.story}" ${on}, and is type checked`,
    commands: check?.name === "by name" ? "the commands are known" : `runs in the story "${check?.name}" ${on}`,
    output: `is what "${check?.name}" showed ${on}`,
    diagram: "is a diagram whose names are all declared",
    files: "the folders and files exist",
    settings: "is in the Pulumi.yaml of every example",
  };
  return ways[check?.kind ?? ""] ?? "nothing checks it";
}

async function checkBlock({ check, text }: Block, tell: (name: string) => Promise<Teller>): Promise<void> {
  switch (check?.kind) {
    case "program":
      expect((await tell(check.story)).programs).toContain(check.name);
      return;
    case "commands":
      if (check.name === "by name") expect(commandsIn(text).filter(unknownCommand)).toEqual([]);
      else expect((await tell(check.name)).commands).toEqual(expect.arrayContaining([...commandsIn(text)]));
      return;
    case "output": {
      const shown = (await tell(check.story)).outputs.get(check.name);
      if (shown === undefined) throw new Error(`the story "${check.story}" has no output "${check.name}"`);
      const missing = notIn(shown, text);
      if (missing !== undefined) throw new Error(`this was not shown:\n${missing}\n\nbut this:\n${shown}`);
      return;
    }
    case "diagram":
      expect(diagramProblem(text)).toBeUndefined();
      return;
    case "files":
      expect(missingFiles(text)).toEqual([]);
      return;
    case "settings":
      expect(exampleSettings().filter((path) => !readPage(path).includes(text))).toEqual([]);
      return;
    default:
      throw new Error(`nothing checks this block; name a way in a comment above it (see test/docs/support/blocks.ts)`);
  }
}
