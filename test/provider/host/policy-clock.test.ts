import { createManualClock } from "../../../emulator/index";
import { mutations, startEmulator } from "../support/host-emulator";
import { idle, policyStack } from "../support/host-policy";

const said =
  "cannot tell which containers to purge: the clock of this machine is 12 days ahead of that of the API, and ages go by it";

test("a policy by inactivity purges nothing where this machine's clock is wrong; one by name alone does", async () => {
  const emulator = await startEmulator({}, { clock: createManualClock("2026-01-19T12:00:00Z") });
  emulator.seed({ containers: { "pr-1": idle(31) } });
  const stack = policyStack(emulator);
  const args = { match: ["pr-*"], inactiveFor: "14 days" };
  const preview = await stack.preview(args);
  expect(preview.lines.join("\n")).toContain(said);
  expect((await stack.up(args)).error).toContain(`${said}; nothing was deleted\nset the clock right`);
  expect(mutations(emulator)).toEqual([]);
  expect((await stack.up({ match: ["pr-*"] })).lines).toEqual(["deleted 2 documents in pr-1 in 0.0 s"]);
});
