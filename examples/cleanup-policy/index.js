const { CleanupPolicy } = require("pulumi-supermemory");
const { rules } = require("./rules");

// Every `pulumi up` purges what matches then. Destroying the stack deletes nothing.
const policy = new CleanupPolicy("nightly", rules);

exports.purged = policy.purged;
exports.deletedCount = policy.deletedCount;
