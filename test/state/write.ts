/** `npm run state:fixture`: writes the fixture of the version in package.json, unless that version is released. */
import { existsSync, writeFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import { fixturePath, type StateFixture, type StoredState } from "./fixture";
import { record } from "./record";
import { stories } from "./stories";
import { currentVersion, versions } from "./versions";

async function main(): Promise<void> {
  const path = fixturePath(currentVersion);
  const isReleased = versions.some(({ isReleased: yes, version }) => yes && version === currentVersion);
  if (isReleased && existsSync(path)) {
    throw new Error(
      `${currentVersion} is released, so ${path} must not change: raise the version in package.json, and give it a heading in CHANGELOG.md`,
    );
  }
  const states: StoredState[] = [];
  for (const story of stories) {
    states.push(await record(story));
    console.log(story.name);
  }
  const fixture: StateFixture = {
    version: currentVersion,
    source: "npm run state:fixture: real runs of the embedded engine against the emulator, with its key",
    date: new Date().toISOString().slice(0, 10),
    states,
  };
  writeFileSync(path, await format(JSON.stringify(fixture), { ...(await resolveConfig(path)), parser: "json" }));
  console.log(`${states.length} states in ${path}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
