import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import Supermemory from "supermemory";
import { createEnvironment } from "./environment";

let containerTag: string;
let destroy = () => Promise.resolve();

before(async () => {
  ({ containerTag, destroy } = await createEnvironment());
});

// Also runs when a test failed.
after(() => destroy());

test("the assistant remembers what it was told", async () => {
  const client = new Supermemory();

  const { id } = await client.documents.add({ containerTag, content: "The shop opens at nine." });

  assert.equal((await client.documents.get(id)).content, "The shop opens at nine.");
});
