import * as z from "zod";
import { commentsOf } from "../../tools/schema/comments";
import type { Comments } from "../../tools/schema/comments";
import { TypeReader } from "../../tools/schema/types";

const comment = (text: string) => commentsOf(`/** ${text} */ interface Thing {}`).get("Thing");

test.each([
  ["is one line", "One\n * line.", "One line."],
  ["keeps paragraphs", "One.\n *\n * Two.", "One.\n\nTwo."],
  ["names a link's target", "See {@link Other}.", "See Other."],
  ["contains no source of the vendor", "One.\n *\n * Source: a document.", "One."],
  ["contains nothing about programs in TypeScript", "One.\n *\n * In TypeScript, two.", "One."],
  ["shows a default as code", 'One. @default ["a"]', 'One.\n\nDefault: `["a"]`.'],
  ["shows a default in words", "One. @default all documents", "One.\n\nDefault: all documents."],
  ["contains no example and no error", "One.\n * @throws RunError for a\n * @example\n * b", "One."],
])("a description %s", (_what, text, description) => {
  expect(comment(text)).toMatchObject({ description });
});

test("a deprecation has a message of its own", () => {
  const found = commentsOf("interface Thing {\n/** One. @deprecated Use two. */ one: string;\n two: string }");
  expect(found.get("Thing")?.members).toEqual(
    new Map([["one", { description: "One.", deprecationMessage: "Use two." }]]),
  );
});

test.each([
  ["whose enum has no name", { colour: z.enum(["red"]) }, "the type of colour has no name"],
  ["that the schema cannot express", { at: z.date() }, "at has a type that the schema cannot express"],
])("an argument %s is an error", (_what, shape, message) => {
  const documented: Pick<Comments, "has" | "member" | "of"> = {
    has: () => true,
    of: () => ({ description: "Something." }),
    member: () => ({ description: "Something." }),
  };
  expect(() => new TypeReader(documented).members("Thing", shape)).toThrow(message);
});
