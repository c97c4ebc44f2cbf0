/** `npm run state:fixture`: writes the fixture of the version in package.json, unless that version is released. */
import { existsSync, writeFileSync } from "node:fs";
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
  writeFileSync(
    path,
    text({
      version: currentVersion,
      source: "npm run state:fixture: real runs of the embedded engine against the emulator, with its key",
      date: new Date().toISOString().slice(0, 10),
      states,
    }),
  );
  console.log(`${states.length} states in ${path}`);
}

/** One line for each state, so that a change of one shows as one line. */
function text({ states, ...head }: StateFixture): string {
  const lines = states.map((state) => JSON.stringify(state)).join(",\n");
  return `${JSON.stringify(head).slice(0, -1)},"states":[\n${lines}\n]}\n`;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
