import { mutations } from "../support/host-emulator";
import { containing } from "../support/host-matchers";
import { deployed, OneResourceStack, urnOfMemory } from "../support/host-stack";

const args = { containerTags: ["pr-42"], purgeOn: ["delete"] };
const blog = { PULUMI_PROJECT: "blog" };
const moved = "warning: this resource was last updated in shop/dev and now belongs to blog/pr-43";

/** The state of shop/dev, in the stack pr-43 of the project blog. */
async function copied() {
  const { emulator, stack } = await deployed({ "pr-42": 4 }, args);
  const urn = urnOfMemory.replace(":dev::shop::", ":pr-43::blog::");
  const copy = new OneResourceStack(emulator, { env: blog }, urn);
  copy.stored = stack.stored;
  return { copy, emulator, stack };
}

describe("state that was copied into another project", () => {
  test("deletes nothing when it is destroyed there, until the variable accepts it", async () => {
    const { copy, emulator } = await copied();
    const { error } = await copy.destroy();
    expect(error).toBe(
      [
        "the state of this resource belongs to project shop, and this is project blog; nothing was deleted",
        "if the state was copied, project shop may still use its containers: to remove the resource without purging, set SUPERMEMORY_PURGE=skip",
        "if it was renamed or moved, set SUPERMEMORY_ACCEPT_STATE_OF=shop for this command, or run pulumi up first",
      ].join("\n"),
    );
    expect(mutations(emulator)).toEqual([]);
    expect((await copy.destroy({ SUPERMEMORY_ACCEPT_STATE_OF: "shop" })).lines).toEqual([
      containing("deleted 4 documents in pr-42"),
    ]);
  });

  test("can be removed from the stack with SUPERMEMORY_PURGE=skip", async () => {
    const { copy, emulator } = await copied();
    expect((await copy.destroy({ SUPERMEMORY_PURGE: "skip" })).error).toBeUndefined();
    expect([copy.stored, mutations(emulator)]).toEqual([undefined, []]);
  });

  test("is a warning in a preview and an up, which records the new owner; then a destroy purges", async () => {
    const { copy, emulator } = await copied();
    const preview = await copy.preview(args);
    expect([preview.error, preview.changes, preview.lines]).toEqual([undefined, true, [containing(moved)]]);
    const up = await copy.up(args);
    expect([up.error, up.lines]).toEqual([undefined, [containing(moved)]]);
    expect(copy.outputs).toMatchObject({ project: "blog", stack: "pr-43" });
    const again = await copy.up(args);
    expect([again.changes, again.lines]).toEqual([false, []]);
    expect((await copy.destroy()).error).toBeUndefined();
    expect(emulator.containers()).toMatchObject({ "pr-42": 0 });
  });
});

test("state whose owner was not known is destroyed, and an up records the owner without a word", async () => {
  const { emulator, stack } = await deployed({ "pr-42": 4 }, args);
  const outputs = { ...stack.outputs, project: null, stack: null };
  const before = { id: "purge-1", inputs: {}, outputs, unfinished: false };
  stack.stored = before;
  const { changes, lines } = await stack.up(args, { PULUMI_PROJECT: "shop" });
  expect([changes, lines]).toEqual([true, []]);
  expect(stack.outputs).toMatchObject({ project: "shop", stack: "dev" });
  stack.stored = before;
  expect((await stack.destroy(blog)).error).toBeUndefined();
  expect(emulator.containers()).toMatchObject({ "pr-42": 0 });
});
