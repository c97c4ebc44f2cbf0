import { z } from "zod";

/** The fields of a body that its schema does not name, and being open lets pass. */
export function unnamedFields(documented: unknown, body: unknown): readonly string[] {
  const schema = openBody.safeParse(documented).data?.content["application/json"].schema;
  const sent = fields.safeParse(body).data;
  if (schema === undefined || sent === undefined) return [];
  return Object.keys(sent).filter((name) => !Object.hasOwn(schema.properties, name));
}

const fields = z.record(z.string(), z.unknown());

/** Of a request whose schema says nothing of further fields; the validator holds what others say of them. */
const openBody = z.object({
  content: z.object({
    "application/json": z.object({
      schema: z.object({ properties: fields, additionalProperties: z.undefined().optional() }),
    }),
  }),
});
