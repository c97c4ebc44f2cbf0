import { readPage } from "./support/blocks";
import { messagesIn, messagesOfPackage } from "./messages/extract";
import { pageWith, rowsOf } from "./messages/page";

const page = readPage("docs/messages.md");

test("docs/messages.md lists every message of the source once; npx tsx test/docs/messages/write.ts renews it", () => {
  expect(page).toBe(pageWith(messagesOfPackage(), rowsOf(page), page));
});

test("every message has a text for when it appears and for what to do", () => {
  const rows = [...rowsOf(page).values()];
  expect(rows.length).toBeGreaterThan(100);
  expect(rows.filter(({ todo, when }) => todo === "" || when === "").map(({ message }) => message)).toEqual([]);
});

test("a message is a string of three words or more, with the hints of its error", () => {
  const source = `import { x } from "not a real message";
    throw new RefusedError("tag", \`this would delete \${count} documents\`, ["purge fewer tags", \`or set \${x}\`]);
    log.info(total === 0 ? "nothing to delete" : \`\${total} kept\`);
    throw new Error("a bug of this package");`;
  expect(messagesIn(source)).toEqual([
    ["this would delete … documents", "purge fewer tags", "or set …"],
    ["nothing to delete"],
  ]);
});
