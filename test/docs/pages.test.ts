import { pages } from "./support/blocks";
import { describePage } from "./support/page";

/** Pages whose blocks need no story. Those with stories have a test file of their own. */
const others = [
  "README.md",
  "docs/_index.md",
  "docs/cleanup-policy.md",
  "docs/container-purge.md",
  "docs/ephemeral-container.md",
  "docs/installation-configuration.md",
  "docs/operations.md",
  "docs/questions.md",
  "docs/recipes.md",
  "docs/safety.md",
];

for (const page of pages.filter((name) => !others.includes(name))) describePage(page);
