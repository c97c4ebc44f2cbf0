import { CleanupPolicy } from "pulumi-supermemory";

// For environments whose destroy never ran: purges the inactive containers of pull requests.
const policy = new CleanupPolicy("left-over-environments", {
  match: ["shop:pr-*"],
  // Longer than an open pull request is ever idle, because its documents would be deleted too.
  inactiveFor: "14 days",
  maxContainers: 50,
});

export const purged = policy.purged;
export const deletedCount = policy.deletedCount;
