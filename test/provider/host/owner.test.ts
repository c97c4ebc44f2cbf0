import { guardOwner, hasMoved, movedLine, ownerIn } from "../../../provider/host/owner";
import { messageOf } from "../../../provider/errors";
import { urnOfMemory } from "../support/host-stack";

const owner = { project: "shop", stack: "dev" };
const nobody = { project: null, stack: null };
const edited = urnOfMemory.replace(":dev::", ":pr-43::");

test("the owner of a resource is in its URN, below a component too", () => {
  expect(ownerIn(urnOfMemory)).toEqual(owner);
  expect(ownerIn("urn:pulumi:dev::shop::my:index:Group$a:b:C::memory")).toEqual(owner);
  for (const urn of [undefined, "", "memory", "urn:pulumi:::shop::a:b:C::memory"]) expect(ownerIn(urn)).toEqual(nobody);
});

test.each<[string, { readonly project: string | null; readonly stack: string | null }, boolean, boolean]>([
  ["the same stack", owner, false, false],
  ["another stack", { ...owner, stack: "pr-42" }, true, true],
  ["another project", { ...owner, project: "blog" }, true, true],
  ["an owner that was not recorded", nobody, true, false],
])("state of %s: whether an up records a new owner, and whether it warns: %j", (_what, recorded, moved, warns) => {
  expect([hasMoved(recorded, urnOfMemory), movedLine(recorded, urnOfMemory) !== undefined]).toEqual([moved, warns]);
  expect(hasMoved(recorded, undefined)).toBe(false);
});

describe("a destroy", () => {
  test.each<[string, Parameters<typeof guardOwner>, string | undefined]>([
    ["in the same project", [owner, urnOfMemory, project("shop"), undefined], undefined],
    ["by a CLI that does not tell the project", [owner, urnOfMemory, {}, undefined], undefined],
    ["of state without an owner", [nobody, urnOfMemory, project("blog"), undefined], undefined],
    ["in another project", [owner, urnOfMemory, project("blog"), undefined], "shop"],
    ["in another project, of an older CLI", [owner, urnOfMemory, { PULUMI_NODEJS_PROJECT: "blog" }, undefined], "shop"],
    ["in another project, with the project accepted", [owner, urnOfMemory, project("blog"), "shop"], undefined],
    ["in another project, with the stack accepted", [owner, urnOfMemory, project("blog"), "shop/dev"], undefined],
    ["in another project, with something else accepted", [owner, urnOfMemory, project("blog"), "blog"], "shop"],
    ["of state whose URN was edited", [owner, edited, project("shop"), undefined], "shop/dev"],
    ["of state whose URN was edited, with the project accepted", [owner, edited, project("shop"), "shop"], "shop/dev"],
    ["of state whose URN was edited, with the stack accepted", [owner, edited, project("shop"), "shop/dev"], undefined],
  ])(
    "%s is refused where the state belongs to somebody else, with the variable that accepts it",
    (_what, asked, value) => {
      expect(refusal(asked)).toBe(value);
    },
  );
});

function project(name: string) {
  return { PULUMI_PROJECT: name };
}

/** The value of SUPERMEMORY_ACCEPT_STATE_OF that the refusal names. */
function refusal(asked: Parameters<typeof guardOwner>): string | undefined {
  try {
    guardOwner(...asked);
    return undefined;
  } catch (error) {
    return /SUPERMEMORY_ACCEPT_STATE_OF=(\S+) for this command/.exec(messageOf(error))?.[1];
  }
}
