import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { parseSeed } from "../../emulator/seed-schema";

const properties = z.record(z.string(), z.unknown());

const storedState = z.object({
  name: z.string(),
  type: z.enum(["ContainerPurge", "CleanupPolicy"]),
  args: properties,
  urn: z.string(),
  id: z.string(),
  inputs: properties,
  outputs: properties,
  /** The arguments of an explicit provider instance in the state, with the emulator's key. */
  provider: z.record(z.string(), z.string()).optional(),
  /** The account when the resource is destroyed: containers of an emulator's seed. */
  account: z.unknown().transform((containers) => parseSeed({ containers }).containers ?? {}),
  destroyed: z.object({ deletedCount: z.number(), containers: z.record(z.string(), z.number()) }),
});

const stateFixture = z.object({
  version: z.string(),
  source: z.string(),
  date: z.iso.date(),
  states: z.array(storedState).min(1),
});

/** One resource in the state that a version wrote, and the result of its destroy by that version. */
export type StoredState = z.infer<typeof storedState>;

export type StateFixture = z.infer<typeof stateFixture>;

export function stateFixtures(): readonly StateFixture[] {
  const files = readdirSync(__dirname).filter((name) => /^\d.*\.json$/.test(name));
  return files.sort().map((name) => stateFixture.parse(JSON.parse(readFileSync(join(__dirname, name), "utf8"))));
}

export function fixturePath(version: string): string {
  return join(__dirname, `${version}.json`);
}
