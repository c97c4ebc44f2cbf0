import { type Hostile, listedRow as row, respond, startAnswering, startHostile } from "../support/hostile";
import { type CommandResult, OneResourceStack } from "../support/host-stack";

/** Texts that would control a terminal or command a program that reads the log. */
const attacks = [
  "\u001b[2K\u001b[1Gdeleted 0 documents",
  "gone\r\n::add-mask::production\r\n::stop-commands::x",
  "::error file=index.ts::all was deleted",
  "##[error]all was deleted",
  "##vso[task.setvariable variable=x]y",
  "\u202e\u2066right to left",
  "\u0007\u009b31mbell",
  "<{%fg 1%}>red",
  `${"x".repeat(100_000)} long`,
];

test.each(attacks)("an error message of the API is quoted in one harmless line: %#", async (error) => {
  for (const status of [400, 403, 404, 500]) {
    const result = await up(await startAnswering(status, { error }), {});
    expect(result.error).toContain(status === 500 ? "until the timeout (10m)" : `${status}`);
    expectHarmless(result);
  }
});

test.each(attacks)("a refused document is named in one line with the reason: %#", async (error) => {
  const id = "::add-mask::x##[error]y";
  const hostile = await startHostile((request, response) => {
    if (request.method === "DELETE") respond(response, { success: true, deletedCount: 0, errors: [{ id, error }] });
    else respond(response, { memories: [{ ...row, id }], pagination: { totalItems: 1 } });
  });
  const result = await up(hostile, { deleteBy: "ids" });
  expect(result.error).toContain("\n  : :add-mask::x\ufffd[error]y: ");
  expectHarmless(result);
});

test.each(attacks)("a tag of another container is shown in one line: %#", async (words) => {
  const memories = [{ ...row, containerTags: ["pr-42", `prod-${words}`] }];
  const hostile = await startAnswering(200, { memories, pagination: { totalItems: 1 } });
  const refused = await up(hostile, {});
  expect(refused.error).toContain('1 document in pr-42 also carries "prod-');
  const kept = await up(hostile, { sharedDocuments: "keep" });
  expect(kept.lines).toEqual([
    expect.stringMatching(/^nothing to delete in pr-42; kept 1 document: also in "prod-.*", which is protected$/s),
  ]);
  for (const result of [refused, kept]) expectHarmless(result);
  expect(new Set(hostile.requests)).toEqual(new Set(["POST /v3/documents/list"]));
});

test("of many reasons to keep documents only the first are shown", async () => {
  const tags = Array.from({ length: 100 }, (_, at) => `prod-${at}`);
  const memories = tags.map((tag) => ({ ...row, id: `id-${tag}`, containerTags: ["pr-42", tag] }));
  const hostile = await startAnswering(200, { memories, pagination: { totalItems: 100 } });
  const result = await up(hostile, { sharedDocuments: "keep" });
  expect(result.lines).toEqual([expect.stringMatching(/kept 100 documents: 1 also in .*, and 92 more reasons$/)]);
  expectHarmless(result);
});

async function up({ url }: Hostile, args: Readonly<Record<string, unknown>>): Promise<CommandResult> {
  return await new OneResourceStack({ url, apiKey: "key" }).up({ containerTags: ["pr-42"], ...args });
}

/** No line is long, begins a command of a workflow, or holds anything but printable characters. */
function expectHarmless({ error = "", lines }: CommandResult): void {
  for (const line of [...lines, error].flatMap((text) => text.split("\n"))) {
    expect(line.length).toBeLessThan(900);
    expect(line).not.toMatch(/^\s*::|\p{C}|##\w*\[|<\{%/u);
  }
}
