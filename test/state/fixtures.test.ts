import { engineFor, titleOf } from "../engine";
import { stateFixtures, type StoredState } from "./fixture";
import { record } from "./record";
import { stories } from "./stories";
import { currentVersion, versions, versionsIn } from "./versions";

test("every released version and the one in package.json have a fixture", () => {
  const released = versions.filter(({ isReleased }) => isReleased).map(({ version }) => version);
  expect(stateFixtures().map(({ version }) => version)).toEqual(expect.arrayContaining([...released, currentVersion]));
});

test("each fixture is of a version in CHANGELOG.md, and names its source", () => {
  const known = versions.map(({ version }) => version);
  expect(known).toContain(currentVersion);
  for (const { source, version } of stateFixtures()) {
    expect(known).toContain(version);
    expect(source).toContain("npm run state:fixture");
  }
});

test("a version with a date is released, one without is not", () => {
  const changelog = "# Changelog\n\n## 0.2.0 - unreleased\n\n- a\n\n## 0.1.0 - 2026-12-01\n\n- b\n";
  expect(versionsIn(changelog)).toEqual([
    { version: "0.2.0", isReleased: false },
    { version: "0.1.0", isReleased: true },
  ]);
});

describe(`the fixture of ${currentVersion}, the version in package.json`, () => {
  const states = stateFixtures().find(({ version }) => version === currentVersion)?.states ?? [];

  test("has a state for each story", () => {
    expect(states.map(({ name }) => name)).toEqual(stories.map(({ name }) => name));
  });

  // When this fails: npm run state:fixture. When the version is released, raise the version first.
  test.each(stories)(`is what the package writes now ${titleOf(engineFor())}: $name`, async (story) => {
    const recorded = states.find(({ name }) => name === story.name);
    expect(comparable(await record(story))).toEqual(recorded && comparable(recorded));
  });
});

function comparable(state: StoredState): unknown {
  const changing = ["id", "baseUrl", "lastPurgedAt", "lastRunAt"];
  return JSON.parse(
    JSON.stringify(state, (name, value: unknown) =>
      changing.includes(name) && typeof value === "string" ? `a text: ${name}` : value,
    ),
  );
}
