import { readFileSync } from "node:fs";
import { join } from "node:path";
import Supermemory from "supermemory";

// The application of this environment: writes the first sections of a handbook, one document each.
// Usage: tsx app.ts <container tag> <number of documents>. The official client reads the key and the address from
// SUPERMEMORY_API_KEY and SUPERMEMORY_BASE_URL.
const [containerTag = process.env["SUPERMEMORY_CONTAINER_TAG"] ?? "", wanted = "10"] = process.argv.slice(2);

const handbook = readFileSync(join(__dirname, "documents", "handbook.md"), "utf8");
const sections = handbook.split(/^## /m).slice(1, Number(wanted) + 1);

const documents = sections.map((section) => {
  const [title = "", ...text] = section.trim().split("\n");
  return { content: `${title}\n\n${text.join("\n")}`, containerTag, metadata: { source: "handbook", title } };
});

async function main(): Promise<void> {
  const { success } = await new Supermemory().documents.batchAdd({ documents });
  console.log(`the application wrote ${success} documents to ${containerTag}`);
}

void main();
