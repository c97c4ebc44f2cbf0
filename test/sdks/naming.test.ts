import { readFileSync } from "node:fs";
import { z } from "zod";
import { schemaFile } from "../../tools/schema/package";
import { inLanguage, type Language, languages, namesIn } from "../../tools/sdk/naming";

const schema = (description: string) => ({
  config: { variables: { apiKey: {} } },
  types: {
    Mode: { enum: [{ value: "purge" }] },
    Selection: { properties: { olderThan: {} } },
  },
  resources: {
    Policy: { description, inputProperties: { deleteBy: {}, except: {} }, properties: { purge: {} } },
  },
});

function written(description: string, language: Language): string {
  const { resources } = described.parse(inLanguage(schema(description), language));
  return resources.Policy.description;
}

const described = z.object({ resources: z.object({ Policy: z.object({ description: z.string() }) }) });

test.each([
  ["a property", "set `deleteBy`", { python: "set `delete_by`", go: "set `DeleteBy`", nodejs: "set `deleteBy`" }],
  [
    "a property with a value",
    "set `deleteBy: 'ids'`",
    { python: "set `delete_by='ids'`", go: "set `DeleteBy: 'ids'`", nodejs: "set `deleteBy: 'ids'`" },
  ],
  ["a keyword", "in `except`", { python: "in `except_`", go: "in `Except`", nodejs: "in `except`" }],
  ["a field", "`olderThan`", { python: "`older_than`", go: "`OlderThan`", nodejs: "`olderThan`" }],
  ["a setting", "`apiKey`", { python: "`api_key`", go: "`ApiKey`", nodejs: "`apiKey`" }],
  ["a resource option", "`dependsOn`", { python: "`depends_on`", go: "`DependsOn`", nodejs: "`dependsOn`" }],
])("a description writes %s as the language does", (_what, description, expected) => {
  for (const language of languages) expect(written(description, language)).toBe(expected[language]);
});

test.each(["`purge`", "`pulumi up`", "`<project>:<stack>`", "deleteBy"])("a description keeps %s", (text) => {
  for (const language of languages) expect(written(text, language)).toBe(text);
});

test("no value of an argument is taken for a name", () => {
  const names = namesIn(JSON.parse(readFileSync(schemaFile, "utf8")));
  expect([...names]).toEqual(expect.arrayContaining(["containerTags", "olderThan", "protectedTags", "dependsOn"]));
  for (const value of ["documents", "container", "create", "delete", "tag", "ids", "purge"]) {
    expect(names.has(value)).toBe(false);
  }
});
