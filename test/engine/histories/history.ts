/** Random histories: a program, and the commands that run it, with edits, writes and failures between them. */
import fc from "fast-check";
import { type FaultRule } from "../../../emulator";
import { rarely, weighted } from "../../chaos/arbitraries";
import { type Args, type Kind, type Options } from "./program";

export interface History {
  /** See Program. Only a chain has failures: otherwise two calls run at once, and either could be the one that fails. */
  readonly isChain: boolean;
  readonly steps: readonly Step[];
}

/** Edits the program, lets the application write, and runs a command. */
export interface Step {
  readonly edits: readonly Edit[];
  /** Documents that the application writes before the command, by tag. */
  readonly writes: Readonly<Record<string, number>>;
  readonly command: Command;
  readonly fault: FaultRule | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly isBroken: boolean;
}

/** `at` is an index, modulo the number of resources, so that any edit applies to any program. */
export type Edit =
  | { readonly kind: "add"; readonly resource: Made }
  | { readonly kind: "change"; readonly at: number; readonly resource: Made }
  | { readonly kind: "rename"; readonly at: number; readonly hasAlias: boolean }
  | { readonly kind: "move"; readonly at: number; readonly hasAlias: boolean }
  | { readonly kind: "remove"; readonly at: number };

export interface Made {
  readonly kind: Kind;
  readonly args: Args;
  readonly options: Options;
  readonly readsPrevious: boolean;
}

export interface Command {
  readonly name: "up" | "preview" | "refresh" | "destroy";
  readonly refresh?: boolean;
  readonly previewOnly?: boolean;
  readonly runProgram?: boolean;
  readonly target?: number;
  readonly replace?: number;
}

export const tags = ["pr-1", "pr-2", "pr-3", "pr-4"];
const ephemeralTag = "shop:dev";

/** Tags in addition to a resource's own tag. The provider refuses a tag of two resources. */
const moreTags = weighted<readonly string[] | undefined>(
  [24, undefined],
  [4, ["pr-9"]],
  [2, ["pr-1"]],
  [1, ["production"]],
  [1, ["pr-*"]],
);

const purgeArgs = (isChain: boolean): fc.Arbitrary<Args> =>
  fc
    .record({
      // Reasons for a refusal.
      ...(isChain ? { containerTags: moreTags, maxDeletions: weighted([8, undefined], [2, 3], [1, 0]) } : {}),
      purgeOn: weighted<readonly string[] | undefined>(
        [6, undefined],
        [2, []],
        [2, ["delete"]],
        [1, ["create"]],
        [1, ["update", "delete"]],
        [2, ["create", "drift", "delete"]],
      ),
      triggers: weighted([2, undefined], [1, 1], [1, 2]),
      method: weighted<Args>([4, {}], [2, { deleteBy: "ids" }], [1, { scope: "container" }]),
      verify: weighted([6, undefined], [1, false]),
    })
    .map(({ method, ...args }) => given({ ...args, ...method }));

const options = (isChain: boolean): fc.Arbitrary<Options> =>
  fc
    .record({
      protect: isChain ? weighted([16, undefined], [1, true]) : fc.constant(undefined),
      retainOnDelete: weighted([12, undefined], [1, true]),
      ignoreChanges: weighted([12, undefined], [1, ["triggers"]], [1, ["containerTags"]], [1, ["containerTags[0]"]]),
      additionalSecretOutputs: weighted([12, undefined], [1, ["deletedCount"]]),
      replacementTrigger: weighted([10, undefined], [1, 1], [1, 2]),
      provider: weighted([12, undefined], [1, "own"]),
    })
    .map(given);

const made = (isChain: boolean): fc.Arbitrary<Made> =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant("ContainerPurge" as const),
        args: purgeArgs(isChain),
        options: options(isChain),
        readsPrevious: weighted([4, false], [1, true]),
      }),
    },
    ...(isChain
      ? [
          {
            weight: 1,
            arbitrary: fc.record({
              kind: fc.constant("EphemeralContainer" as const),
              args: weighted<Args>([1, {}], [1, { purgeOn: ["delete"] }]),
              options: weighted<Options>([6, {}], [1, { retainOnDelete: true }], [1, { protect: true }]),
              readsPrevious: fc.constant(false),
            }),
          },
          {
            weight: 1,
            arbitrary: fc.record({
              kind: fc.constant("CleanupPolicy" as const),
              args: fc.record({
                match: fc.constantFrom(["pr-*"], ["pr-3"]),
                inactiveFor: fc.constant("0s"),
                keepLatest: fc.constantFrom(0, 1),
                mode: fc.constantFrom("purge", "report"),
              }),
              options: fc.constant({}),
              readsPrevious: fc.constant(false),
            }),
          },
        ]
      : []),
  );

const edit = (isChain: boolean): fc.Arbitrary<Edit> => {
  const at = fc.nat(3);
  const hasAlias = weighted([2, true], [1, false]);
  return fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("add" as const), resource: made(isChain) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("change" as const), at, resource: made(isChain) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("rename" as const), at, hasAlias }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("move" as const), at, hasAlias }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("remove" as const), at }) },
  );
};

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Command>({ name: "up" }) },
  { weight: 2, arbitrary: fc.constant<Command>({ name: "up", refresh: true }) },
  { weight: 2, arbitrary: fc.nat(3).map((target): Command => ({ name: "up", target })) },
  { weight: 2, arbitrary: fc.nat(3).map((replace): Command => ({ name: "up", replace })) },
  { weight: 2, arbitrary: fc.constant<Command>({ name: "preview" }) },
  { weight: 1, arbitrary: fc.constant<Command>({ name: "preview", refresh: true }) },
  { weight: 3, arbitrary: fc.constant<Command>({ name: "refresh" }) },
  { weight: 4, arbitrary: fc.constant<Command>({ name: "destroy" }) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(
        { previewOnly: true },
        { refresh: true },
        { refresh: true, previewOnly: true },
        { runProgram: true },
      )
      .map((flags): Command => ({ name: "destroy", ...flags })),
  },
  { weight: 1, arbitrary: fc.nat(3).map((target): Command => ({ name: "destroy", target })) },
);

const fault: fc.Arbitrary<FaultRule> = fc.record({
  nth: fc.integer({ min: 1, max: 2 }),
  match: fc.oneof(
    fc.record({ method: fc.constant("DELETE" as const), containerTag: fc.constantFrom(...tags, ephemeralTag) }),
    fc.constantFrom({ method: "DELETE" as const }, { method: "POST" as const }),
  ),
  then: fc.constantFrom<FaultRule["then"]>(
    { kind: "wrongShape", status: 403, body: { error: "Forbidden" }, when: "beforeEffect" },
    { kind: "wrongShape", status: 400, body: { error: "Bad request" }, when: "beforeEffect" },
    { kind: "serverError", status: 503 },
    { kind: "reset", when: "afterEffect" },
    { kind: "lateWriter", documents: 2 },
  ),
});

/** Whether a command reads resources, which it does in parallel. */
export function isRefresh({ name, refresh }: Command): boolean {
  return name === "refresh" || refresh === true;
}

const step = (isChain: boolean, isFirst: boolean): fc.Arbitrary<Step> =>
  fc
    .record({
      edits: isFirst
        ? fc.array(fc.record({ kind: fc.constant("add" as const), resource: made(isChain) }), {
            minLength: 1,
            maxLength: 3,
          })
        : fc.array(edit(isChain), { maxLength: 2 }),
      writes: fc.dictionary(fc.constantFrom(...tags, ephemeralTag), fc.integer({ min: 1, max: 4 }), { maxKeys: 2 }),
      command: isFirst ? weighted<Command>([6, { name: "up" }], [1, { name: "preview" }]) : command,
      fault: isChain ? rarely(fault, 4) : fc.constant(undefined),
      env: weighted<Step["env"]>([12, {}], [1, { SUPERMEMORY_PURGE: "skip" }]),
      isBroken: isChain ? weighted([40, false], [1, true]) : fc.constant(false),
    })
    .map((made) => (isRefresh(made.command) ? { ...made, fault: undefined } : made));

export function histories(maxSteps: number): fc.Arbitrary<History> {
  return weighted([3, true], [1, false]).chain((isChain) =>
    fc
      .tuple(step(isChain, true), fc.array(step(isChain, false), { minLength: 1, maxLength: maxSteps - 1 }))
      .map(([first, rest]) => ({ isChain, steps: [first, ...rest] })),
  );
}

function given(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
