import { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { embeddedEngine } from "./embedded/engine";
import { goalOf } from "./embedded/program/goal";
import { openToy } from "./toy";
import { quick } from "./toy-stack";

const timeouts = new RegisterResourceRequest.CustomTimeouts();
timeouts.setCreate("1m");

type Set = (request: RegisterResourceRequest) => void;

const options: readonly (readonly [string, Set])[] = [
  ["deletedWith", (request) => request.setDeletedwith("urn")],
  ["replaceWith", (request) => request.setReplaceWithList(["urn"])],
  ["replaceOnChanges", (request) => request.setReplaceonchangesList(["tag"])],
  ["deleteBeforeReplace", (request) => request.setDeletebeforereplacedefined(true)],
  ["import", (request) => request.setImportid("a-id")],
  ["customTimeouts", (request) => request.setCustomtimeouts(timeouts)],
  ["hideDiffs", (request) => request.setHidediffsList(["tag"])],
  ["version", (request) => request.setVersion("1.0.0")],
  ["pluginDownloadURL", (request) => request.setPlugindownloadurl("https://example.com")],
  ["remote", (request) => request.setRemote(true)],
];

describe("the embedded engine", () => {
  test.each(options)("refuses the resource option %s, and names it", (name, set) => {
    const request = new RegisterResourceRequest();
    request.setName("a");
    expect(() => goalOf(request, "dev", "shop")).not.toThrow();
    set(request);
    expect(() => goalOf(request, "dev", "shop")).toThrow(`does not support the resource option ${name} of a\n`);
  });

  test("stops at a refused option, prints the reason once, and calls no provider", async () => {
    await using toy = await openToy(embeddedEngine);
    toy.program(`thing("a", { tag: "x" }, { replaceOnChanges: ["tag"] });`);
    const run = await toy.stack.up(quick);
    expect(run.ok).toBe(false);
    // The SDK may add that it could not send the outputs of the stack any more.
    const reasons = run.diagnostics.filter(({ message }) => message.includes("replaceOnChanges of a\n"));
    expect(reasons).toMatchObject([
      { message: expect.stringContaining("does not support the resource option") as unknown },
    ]);
    expect(toy.calls()).toEqual([]);
  });

  test.each([
    ["replaces", `replaces: ["tag"]`],
    ["deleteBeforeReplace", `deleteBeforeReplace: true`],
  ])("refuses a provider's diff with %s, and names it", async (name, answer) => {
    await using toy = await openToy(embeddedEngine);
    toy.program(`thing("a", { tag: "x", answer: { ${answer} } });`);
    await toy.stack.up(quick);
    toy.calls();
    const run = await toy.stack.up(quick);
    expect(run.ok).toBe(false);
    expect(run.output).toContain(`does not support ${name} in the response to a diff`);
    expect(toy.calls()).toEqual([["configure()", "check(a: x -> x)", "diff(a: x#1 -> x)"]]);
  });
});
