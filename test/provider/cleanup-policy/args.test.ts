import { planCleanup } from "../../../provider/cleanup-policy/plan-cleanup";
import { ConfigError } from "../../../provider/errors";
import { cleanupPolicyMethods, openProvider, testTime } from "../support/host-calls";
import { containing } from "../support/host-matchers";
import { unknownValue } from "../../../provider/util/values";
import { idle, policyOver } from "../support/host-policy";

const args = { match: ["pr-*"], inactiveFor: "14 days" };
const required =
  "one of inactiveFor and keepLatest (above 0) is required; without them, containers in use would be purged";
const globs = Array.from({ length: 101 }, (_, index) => `pr-${index}-*`);

describe("bad arguments of a policy", () => {
  test.each([
    ["", {}, 'match: expected a list of globs, such as ["pr-*"]'],
    ["match", { match: "pr-*" }, 'expected a list of globs, such as ["pr-*"]'],
    ["match", { match: [] }, "the list is empty; name 1 to 100 globs"],
    ["match", { match: ["*"] }, '"*": a glob must start with at least 3 literal characters'],
    ["match", { match: ["pr-*", "pr*"] }, '"pr*": a glob must start with at least 3 literal characters'],
    ["match", { match: ["pr-[0-9]"] }, '"pr-[0-9]": only letters, digits'],
    [
      "match",
      { ...args, match: ["prod-*"] },
      '"prod-*" can only match protected tags (it contains the segment "prod")',
    ],
    ["match", { ...args, match: ["pr-*-live"] }, 'tags (it contains the segment "live"), which a policy never purges'],
    ["match", { ...args, match: ["sm_project_default"] }, '"sm_project_default" can only match protected tags'],
    [
      "match",
      { ...args, match: ["pr-*", "tenant-7"] },
      '"tenant-7" can only match protected tags (supermemory:protectedTags contains it)',
    ],
    ["except", { ...args, except: [""] }, '"": a glob cannot be blank'],
    ["inactiveFor", { ...args, inactiveFor: "14" }, '"14" is not a duration such as "14 days", "12h" or "1h30m"'],
    ["inactiveFor", { ...args, inactiveFor: 14 }, 'expected a duration, such as "14 days" or "12h"'],
    ["keepLatest", { ...args, keepLatest: -1 }, "-1 is not a whole number, 0 or more"],
    ["keepLatest", { ...args, keepLatest: 1.5 }, "1.5 is not a whole number, 0 or more"],
    ["maxContainers", { ...args, maxContainers: -1 }, "-1 is not a whole number, 0 or more"],
    ["maxContainers", { ...args, maxContainers: Infinity }, "expected a whole number, 0 or more"],
    ["maxDeletions", { ...args, maxDeletions: -1 }, "-1 is not a whole number, 0 or more"],
    ["maxDeletions", { ...args, maxDeletions: "many" }, "expected a whole number, 0 or more"],
    ["timeout", { ...args, timeout: "never" }, '"never" is not a duration'],
    ["mode", { ...args, mode: "dry-run" }, 'allowed values are "purge" and "report"'],
    ["scope", { ...args, scope: "all" }, 'allowed values are "documents" and "container"'],
    ["scope", { ...args, scope: "container", select: { status: ["done"] } }, "cannot be combined with select"],
    ["", { ...args, select: { olderThan: "old" } }, 'select.olderThan: "old" is not a duration'],
    ["", { ...args, inactivFor: "1 day" }, 'unknown argument "inactivFor"; did you mean "inactiveFor"?'],
    ["", { ...args, planned: [] }, 'unknown argument "planned"'],
    ["match", { match: globs }, "the list has 101 globs; the maximum is 100"],
    ["except", { ...args, except: globs }, "the list has 101 globs; the maximum is 100"],
    ["except", { ...args, except: [5] }, "entry 1 is not a string"],
    ["match", { match: ["pr-*", undefined] }, "entry 2 is not set: is a variable missing?"],
    ["match", { match: ["pr-[object Object]-*"] }, "an object or a Promise was put into a string"],
    ["", { match: ["pr-*"] }, required],
    ["", { match: ["pr-*"], keepLatest: 0, mode: "report" }, required],
  ])("are refused on %s for %j, by planCleanup in the same words", async (property, news, reason) => {
    const config = { "supermemory:protectedTags": "tenant-7" };
    const { failures } = await openProvider({ config, methods: cleanupPolicyMethods }).check({}, news);
    const isLong = ("match" in news && news.match === globs) || ("except" in news && news.except === globs);
    expect(failures).toEqual([{ property: isLong ? "" : property, reason: containing(reason) }]);
    const [failure] = failures;
    const message = failure?.property === "" ? failure.reason : `${property}: ${failure?.reason ?? ""}`;
    expect(() => {
      Reflect.apply(planCleanup, undefined, [{ ...news, protectedTags: ["tenant-7"] }, [], new Date(testTime)]);
    }).toThrow(new ConfigError(message));
  });

  test.each(["prod*", "alive-*", "pro?-*", "tenant-*"])("are not seen in %s, which matches more", async (glob) => {
    const config = { "supermemory:protectedTags": "tenant-7,tenant-x" };
    const { stack } = await policyOver({ "tenant-7": idle(9) }, { config });
    expect((await stack.preview({ ...args, match: [glob] })).failures).toEqual([]);
  });

  test("give way to defaults where a limit is left out", async () => {
    const { stack } = await policyOver({});
    const defaults = { maxContainers: 20, maxDeletions: 10_000, keepLatest: 0, timeout: "10m" };
    const news = { ...args, maxContainers: undefined, maxDeletions: undefined };
    expect(await stack.checked(news)).toMatchObject(defaults);
  });

  test.each([
    { inactiveFor: "0s" },
    { inactiveFor: unknownValue },
    { keepLatest: 1 },
    { keepLatest: unknownValue, inactiveFor: undefined },
  ])("are not seen in %j", async (given) => {
    const { stack } = await policyOver({});
    expect((await stack.preview({ match: ["pr-*"], ...given })).failures).toEqual([]);
  });
});
