const { CleanupPolicy } = require("pulumi-supermemory");
const { rules } = require("./rules");

// Every `pulumi up` purges the containers that match at that time. Destroying the stack deletes nothing.
const policy = new CleanupPolicy("nightly", rules);

exports.purged = policy.purged;
exports.deletedCount = policy.deletedCount;
