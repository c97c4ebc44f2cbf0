import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { readPage, repository } from "../../docs/support/blocks";
import { messagesIn } from "../../docs/messages/extract";
import { refusedDestroys } from "./destroys";

interface Row {
  readonly message: string;
  readonly variable: string;
  readonly result: string;
}

const rows = rowsOf(readPage("docs/messages.md"));
const skip = { SUPERMEMORY_PURGE: "skip" };

test("the table of refusals at destroy has a destroy for each of its rows", () => {
  expect(rows.map(({ message }) => message).sort()).toEqual(Object.keys(refusedDestroys).sort());
});

describe.each(rows)("a destroy that is refused: $message", ({ message, result, variable }) => {
  test(`finishes with ${variable}, which the message names`, async () => {
    const destroy = await refused(message);
    const before = destroy.left();
    const { error = "" } = await destroy.run();
    expect(error).toMatch(patternOf(message));
    expect(error.split("\n")[0]).toMatch(/; nothing was deleted$/);
    expect([destroy.isInStack(), destroy.left()]).toEqual([true, before]);
    const way = wayOutOf(error);
    expect(Object.keys(way)).toEqual([variable]);
    expect((await destroy.run(way)).error).toBeUndefined();
    expect([destroy.isInStack(), destroy.left()]).toEqual([false, result === "keeps" ? before : afterDelete(before)]);
  });

  test("finishes with SUPERMEMORY_PURGE=skip, which keeps all documents", async () => {
    const destroy = await refused(message);
    const before = destroy.left();
    expect((await destroy.run()).error).toBeDefined();
    const { error, lines } = await destroy.run(skip);
    expect([error, destroy.isInStack(), destroy.left()]).toEqual([undefined, false, before]);
    expect(lines.at(-1)).toMatch(/^warning: SUPERMEMORY_PURGE=skip: nothing was deleted in pr-42\b/);
  });
});

/** Refusals in the source that no destroy can meet before its first delete. */
const neverAtDestroy: Readonly<Record<string, string>> = {
  "some documents in … are not part of this purge": "a bug that the gate stopped",
  "this purge does not delete … as a whole": "a bug that the gate stopped",
  "… is not part of this purge": "a bug that the gate stopped",
  "… is not a valid container tag: …": "stored arguments that are not valid are damaged state",
  "new documents were written, so this would delete …, more than maxDeletions (…): … deleted so far, … left to delete":
    "after a delete; the next destroy counts, and is refused for the limit",
  "the API refused to delete …": "after a delete",
  "the list of … rises and falls between … and …": "after a delete",
  "new documents kept arriving: … in … after … purges": "after a delete",
};

test("every refusal of a purge in the source is in the table of refusals at destroy", () => {
  const known = [...rows.map(({ message }) => message), ...Object.keys(neverAtDestroy)];
  const found = refusalsIn(["purge", "container-purge", "host"]);
  expect(found.length).toBeGreaterThan(15);
  expect(found.filter((message) => !known.includes(message))).toEqual([]);
  expect(Object.keys(neverAtDestroy).filter((message) => !found.includes(message))).toEqual([]);
});

async function refused(message: string) {
  const destroy = refusedDestroys[message];
  if (destroy === undefined) throw new Error(`no destroy for ${message}`);
  return await destroy();
}

/** Without documents before, the container itself is deleted. */
function afterDelete(before: number | undefined): number | undefined {
  return before === 0 ? undefined : 0;
}

/** The last variable with a value that a message names. */
function wayOutOf(error: string): Readonly<Record<string, string>> {
  const [, name, value] = [...error.matchAll(/\b(SUPERMEMORY_[A-Z_]+)=(\S+)/g)].at(-1) ?? [];
  return name === undefined || value === undefined ? {} : { [name]: value };
}

function patternOf(message: string): RegExp {
  const text = message.split("…").map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${text.join("[^\\n]*")}`);
}

function rowsOf(page: string): readonly Row[] {
  const [, after = ""] = page.split("\n## At destroy\n");
  const [section = ""] = after.split("\n<!-- messages:");
  return [...section.matchAll(/^\| `(.+)` \| `(\w+)` \| (deletes|keeps) \|$/gm)].map(
    ([, message = "", variable = "", result = ""]) => ({ message, variable, result }),
  );
}

/** The first lines of the refusals in these folders of the source: what is thrown as one, or returned by a helper. */
function refusalsIn(folders: readonly string[]): readonly string[] {
  const files = folders.flatMap((folder) =>
    readdirSync(join(repository, "provider", folder)).map((file) => join(repository, "provider", folder, file)),
  );
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && isRefusal(node.expression.getText())) {
      const texts = (node.arguments ?? []).filter((one) => ts.isStringLiteral(one) || ts.isTemplateLiteral(one));
      const [message] = texts.flatMap((text) => messagesIn(text.getText()));
      if (message?.[0] !== undefined) found.add(message[0]);
    }
    ts.forEachChild(node, visit);
  };
  for (const file of files) visit(ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true));
  return [...found];
}

function isRefusal(name: string): boolean {
  return ["RefusedError", "StateError", "SupermemoryError", "StillWrittenError", "refused", "refuse"].includes(name);
}
