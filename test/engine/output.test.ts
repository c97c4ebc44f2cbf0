import { describeOnBothEngines } from "./engines";
import { openToy, thingType, urnOf } from "./toy";
import { quick } from "./toy-stack";
import { type Run } from "./types";

describeOnBothEngines("what a person sees", (engine) => {
  test("a message logged with a URN is on that resource's row, and in its part of the diagnostics", async () => {
    await using toy = await openToy(engine);
    toy.program(
      `thing("a", { tag: "x", say: [{ on: "create", text: "made three things" }] })`,
      `thing("b", { tag: "x" })`,
    );
    const run = await toy.stack.up(quick);
    expect(row(run, "a")).toMatch(/ \+ .*\ba +created \(.*made three things$/);
    expect(row(run, "b")).not.toContain("made three things");
    expect(diagnosticsOf(run)).toContain("made three things");
    expect(run.diagnostics).toContainEqual({
      severity: "info",
      message: "made three things",
      urn: urnOf("a"),
      ephemeral: false,
    });
  });

  test("an ephemeral message is a live status line, and not among the diagnostics that are printed", async () => {
    await using toy = await openToy(engine);
    const say = `[{ on: "create", text: "still at it", ephemeral: true }, { on: "create", text: "done with it" }]`;
    toy.program(`thing("a", { tag: "x", say: ${say} })`);
    let live = "";
    const onOutput = (text: string) => {
      live += text;
    };
    const run = await toy.stack.up({ ...quick, onOutput });
    expect(live).toContain("still at it");
    expect(diagnosticsOf(run)).not.toContain("still at it");
    expect(row(run, "a")).toMatch(/\bcreated \(.*done with it$/);
  });

  test("a resource is on its row also when nothing happens to its parent", async () => {
    await using toy = await openToy(engine);
    toy.program(
      `const group = new pulumi.ComponentResource("my:mod:Group", "group");`,
      `thing("a", { tag: "x" }, { parent: group });`,
    );
    await toy.stack.up(quick);
    const target = [`urn:pulumi:pr-42::shop::my:mod:Group$${thingType}::a`];
    const run = await toy.stack.destroy({ ...quick, target, env: { TOY_DELETE: "fail" } });
    expect(run.ok).toBe(false);
    expect(row(run, "a")).toMatch(/\bdeleting failed\b/);
  });

  test("properties whose names begin with __ are hidden, also where they changed", async () => {
    await using toy = await openToy(engine);
    toy.program(`thing("a", { tag: "x", __mark: "hidden one" }); exports.shown = { plain: 1, __mark: "hidden two" };`);
    await toy.stack.up(quick);
    toy.program(`thing("a", { tag: "y", __mark: "hidden three" }); exports.shown = { plain: 2, __mark: "hidden" };`);
    const run = await toy.stack.up(quick);
    expect(row(run, "a")).toContain("[diff: ~tag]");
    expect(run.output).not.toContain("hidden");
    expect(run.output).not.toContain("__provider");
  });

  test("colour comes only when asked for", async () => {
    await using toy = await openToy(engine);
    toy.program(`thing("a", { tag: "x" })`);
    const [plain, coloured] = [await toy.stack.preview(), await toy.stack.preview({ color: true })];
    expect(plain.output).not.toContain("\u001b");
    expect(coloured.output).toContain("\u001b[");
  });

  test("outputs, counts and the duration are at the end", async () => {
    await using toy = await openToy(engine);
    toy.program(`const a = thing("a", { tag: "x" }); exports.made = a.made; exports.key = pulumi.secret("s3cret");`);
    const { output } = await toy.stack.up(quick);
    expect(output).toMatch(/Outputs:\n +key *: \[secret\]\n +made *: 1\n/);
    expect(output).toMatch(/Resources:\n {4}\+ 2 created\n\nDuration: /);
    expect(output).not.toContain("s3cret");
    expect(await toy.stack.outputs()).toEqual({ made: 1, key: "s3cret" });
  });

  test("what the program prints, and a warning that it logs, are diagnostics of the stack", async () => {
    await using toy = await openToy(engine);
    toy.program(`console.log("printed"); console.error("complained"); pulumi.log.warn("beware");`);
    const { diagnostics } = await toy.stack.preview();
    const found = diagnostics.map(({ severity, message }) => `${severity}: ${message}`).sort();
    expect(found).toEqual(["info#err: complained", "info: printed", "warning: beware"]);
  });
});

/** The last line of the output that is about the thing of that name. */
function row(run: Run, name: string): string {
  const [table = ""] = run.output.split("Diagnostics:");
  const lines = table.split("\n").filter((line) => new RegExp(`toy:Thing +${name} `).test(line));
  return lines.at(-1)?.trimEnd() ?? "";
}

function diagnosticsOf(run: Run): string {
  return run.output.slice(run.output.indexOf("Diagnostics:"));
}
