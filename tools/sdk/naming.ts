import * as z from "zod";

export const languages = ["python", "go", "nodejs"] as const;
export type Language = (typeof languages)[number];

/** How a language writes a property of the schema. */
const spelling: Readonly<Record<Language, (name: string) => string>> = {
  python: (name) => {
    const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    // The keyword of Python among the properties.
    return snake === "except" ? "except_" : snake;
  },
  go: (name) => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
  nodejs: (name) => name,
};

/**
 * The schema with the names of a language in its descriptions: `deleteBy: "ids"` becomes `delete_by="ids"` in Python. The
 * generators write the names of the code themselves. Their own marks for names in descriptions are too new for the
 * generators of older CLIs, which read the same schema.
 */
export function inLanguage(schema: unknown, language: Language): unknown {
  const names = namesIn(schema);
  return mapDescriptions(schema, (description) =>
    description.replace(
      /`(\w+)(?:(: )([^`]+))?`/g,
      (text, name: string, _colon: string | undefined, value?: string) => {
        if (!names.has(name)) return text;
        const written = spelling[language](name);
        if (value === undefined) return `\`${written}\``;
        return language === "python" ? `\`${written}=${value}\`` : `\`${written}: ${value}\``;
      },
    ),
  );
}

/** Options of every resource, which descriptions also name. */
const options = ["aliases", "dependsOn"];

const members = z.record(z.string(), z.unknown()).default({});
const shape = z.object({
  config: z.object({ variables: members }),
  types: z.record(
    z.string(),
    z.object({ properties: members, enum: z.array(z.object({ value: z.string() })).default([]) }),
  ),
  resources: z.record(z.string(), z.object({ inputProperties: members, properties: members })),
});

/** A word that is also a value, such as `purge`, stays as it is. */
export function namesIn(schema: unknown): ReadonlySet<string> {
  const { config, resources, types } = shape.parse(schema);
  const names = [
    ...options,
    ...Object.keys(config.variables),
    ...Object.values(types).flatMap(({ properties }) => Object.keys(properties)),
    ...Object.values(resources).flatMap((one) => [...Object.keys(one.inputProperties), ...Object.keys(one.properties)]),
  ];
  const values = Object.values(types).flatMap((type) => type.enum.map(({ value }) => value));
  return new Set(names.filter((name) => !values.includes(name)));
}

function mapDescriptions(value: unknown, map: (description: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => mapDescriptions(item, map));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]: [string, unknown]) => [
      name,
      name === "description" && typeof member === "string" ? map(member) : mapDescriptions(member, map),
    ]),
  );
}
