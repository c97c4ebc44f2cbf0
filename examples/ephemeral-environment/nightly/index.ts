import { CleanupPolicy } from "pulumi-supermemory";

// The net for environments whose destroy never ran: containers of pull requests in which nothing happened for so long.
const policy = new CleanupPolicy("left-over-environments", {
  match: ["shop:pr-*"],
  // Longer than an open pull request is left alone: its memories would go, too.
  inactiveFor: "14 days",
  maxContainers: 50,
});

export const purged = policy.purged;
export const deletedCount = policy.deletedCount;
