import { describeOnBothEngines } from "./engines";
import { openToy, urnOf } from "./toy";
import { quick } from "./toy-stack";
import { type Run } from "./types";

describeOnBothEngines("output", (engine) => {
  test("shows a message with a URN on the resource's row, and in its section of the diagnostics", async () => {
    await using toy = await openToy(engine);
    toy.program(
      `thing("a", { tag: "x", say: [{ on: "create", text: "made three things" }] })`,
      `thing("b", { tag: "x" })`,
    );
    const run = await toy.stack.up(quick);
    expect(row(run, "a")).toMatch(/ \+ .*\ba +created \(.*made three things$/);
    expect(row(run, "b")).not.toContain("made three things");
    expect(diagnosticsOf(run)).toContain("made three things");
    const message = { severity: "info", message: "made three things", urn: urnOf("a"), ephemeral: false };
    expect(run.diagnostics).toContainEqual(message);
  });

  test("shows an ephemeral message as a live status line, and not in the printed diagnostics", async () => {
    await using toy = await openToy(engine);
    const say = `[{ on: "create", text: "still at it", ephemeral: true }, { on: "create", text: "done with it" }]`;
    toy.program(`thing("a", { tag: "x", say: ${say} })`);
    const live: string[] = [];
    const run = await toy.stack.up({ ...quick, onOutput: (text) => live.push(text) });
    expect(live.join("")).toContain("still at it");
    expect(diagnosticsOf(run)).not.toContain("still at it");
    expect(row(run, "a")).toMatch(/\bcreated \(.*done with it$/);
  });

  test("hides properties whose names start with __, changed or not", async () => {
    await using toy = await openToy(engine);
    toy.program(`thing("a", { tag: "x", __mark: "hidden one" }); exports.shown = { plain: 1, __mark: "hidden two" };`);
    await toy.stack.up(quick);
    toy.program(`thing("a", { tag: "y", __mark: "hidden three" }); exports.shown = { plain: 2, __mark: "hidden" };`);
    const run = await toy.stack.up(quick);
    expect(run.output).not.toContain("hidden");
    expect(run.output).not.toContain("__provider");
  });

  test("is colored only on request", async () => {
    await using toy = await openToy(engine);
    toy.program(`thing("a", { tag: "x" })`);
    const [plain, coloured] = [await toy.stack.preview(), await toy.stack.preview({ color: true })];
    expect(plain.output).not.toContain("\u001b");
    expect(coloured.output).toContain("\u001b[");
  });

  test("ends with outputs, counts and the duration", async () => {
    await using toy = await openToy(engine);
    toy.program(`const a = thing("a", { tag: "x" }); exports.made = a.made; exports.key = pulumi.secret("s3cret");`);
    const { output } = await toy.stack.up(quick);
    expect(output).toMatch(/Outputs:\n +key *: \[secret\]\n +made *: 1\n/);
    expect(output).toMatch(/Resources:\n {4}\+ 2 created\n\nDuration: /);
    expect(output).not.toContain("s3cret");
    expect(await toy.stack.outputs()).toEqual({ made: 1, key: "s3cret" });
  });

  test("shows the program's output and its warnings as diagnostics of the stack", async () => {
    await using toy = await openToy(engine);
    toy.program(`console.log("printed"); console.error("complained"); pulumi.log.warn("beware");`);
    const { diagnostics } = await toy.stack.preview();
    const found = diagnostics.map(({ severity, message }) => `${severity}: ${message}`).sort();
    expect(found).toEqual(["info#err: complained", "info: printed", "warning: beware"]);
  });
});

function row(run: Run, name: string): string {
  const [table = ""] = run.output.split("Diagnostics:");
  const lines = table.split("\n").filter((line) => new RegExp(`toy:Thing +${name} `).test(line));
  return lines.at(-1)?.trimEnd() ?? "";
}

function diagnosticsOf(run: Run): string {
  return run.output.slice(run.output.indexOf("Diagnostics:"));
}
