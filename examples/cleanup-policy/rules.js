/**
 * Which containers may be purged, and how many in one run. A separate file, so that policy.test.js tests the rules that index.js deploys.
 *
 * @type {import("pulumi-supermemory/policy").CleanupRules}
 */
const rules = {
  match: ["pr-*", "test-*"],
  except: ["pr-demo*"],
  inactiveFor: "14 days",
  keepLatest: 2,
  maxContainers: 30,
  maxDeletions: 5_000,
};

module.exports = { rules };
