/**
 * What may be purged: in a file of its own, so that policy.test.js tests the rules that index.js deploys.
 *
 * @type {import("pulumi-supermemory").CleanupRules}
 */
const rules = {
  match: ["pr-*", "test-*"],
  except: ["pr-demo*"],
  inactiveFor: "14 days",
  keepLatest: 2,
};

module.exports = { rules };
