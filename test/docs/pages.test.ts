import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pages, repository } from "./support/blocks";
import { describePage } from "./support/page";

describePage("docs/README.md");
describePage("docs/concepts.md");

test("every page under docs is among those that are checked", () => {
  const written = readdirSync(join(repository, "docs")).filter((name) => name.endsWith(".md"));
  expect(written.map((name) => `docs/${name}`).sort()).toEqual(pages.filter((page) => page.startsWith("docs/")).sort());
});
