import { deployed, startStack } from "../support/host-stack";
import { type SeedContainers, sent } from "../support/host-emulator";

const args = { containerTags: ["pr-42"] };
const [own, shared] = [{}, { alsoIn: ["tenant-7"] }];
const mixed: SeedContainers = { "pr-42": { documents: [shared, own, shared, shared, own] } };

describe("documents that another container loses too", () => {
  test.each<[string, object]>([
    ["by tag", {}],
    ["by ids", { deleteBy: "ids" }],
    ["with the container", { scope: "container" }],
  ])("are named with their number in the preview and the result, %s, without more requests", async (_how, how) => {
    const { emulator, stack } = await startStack(mixed);
    const part = "; 3 of them also in tenant-7";
    const preview = await stack.preview({ ...args, ...how });
    expect(preview.lines[0]).toContain(`(limit 10,000)${part}\n`);
    expect(sent(emulator)).toEqual(["POST pr-42"]);
    const { lines } = await stack.up({ ...args, ...how });
    expect(lines[0]).toMatch(new RegExp(`^deleted .*5 documents.* in 0\\.0 s${part}$`));
    expect(emulator.containers()["tenant-7"]).toBe(0);
  });

  test("are at least those among the newest 100 documents", async () => {
    const { stack } = await startStack({ "pr-42": { documents: 150, each: shared } });
    const part = "; at least 100 of them also in tenant-7";
    expect((await stack.preview(args)).lines[0]).toContain(part);
    expect((await stack.up(args)).lines[0]).toContain(`deleted 150 documents in pr-42 in 0.0 s${part}`);
  });

  test("are named in the result of a destroy", async () => {
    const { stack } = await deployed(mixed, { ...args, purgeOn: ["delete"] });
    expect((await stack.destroy()).lines[0]).toContain("; 3 of them also in tenant-7");
  });

  test("are not named on API v5, which returns no tags", async () => {
    const { stack } = await startStack(mixed, { v3: "gone" });
    expect((await stack.up(args)).lines.at(-1)).toMatch(/^deleted 5 documents in pr-42 in [\d.]+ s$/);
  });
});
