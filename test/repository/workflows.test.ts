import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const root = join(__dirname, "..", "..");
const permissions = z.record(z.string(), z.enum(["read", "write", "none"]));
const step = z.looseObject({ run: z.string().optional(), uses: z.string().optional() });
const job = z.looseObject({
  permissions: permissions.optional(),
  steps: z.array(step).default([]),
  uses: z.string().optional(),
  needs: z.union([z.string().transform((only) => [only]), z.array(z.string())]).default([]),
  "timeout-minutes": z.number().optional(),
});
const workflow = z.looseObject({ permissions, jobs: z.record(z.string(), job) });
const files = readdirSync(join(root, ".github", "workflows"));

function read(file: string): z.infer<typeof workflow> {
  return workflow.parse(parse(readFileSync(join(root, ".github", "workflows", file), "utf8")));
}

describe.each(files)("the workflow %s", (file) => {
  const { jobs, permissions: granted } = read(file);
  const steps = Object.values(jobs).flatMap((each) => each.steps);

  test("may only read the repository, except the jobs with their own permissions", () => {
    expect(granted).toEqual({ contents: "read" });
    const more = Object.entries(jobs).filter(([, each]) => each.permissions !== undefined);
    expect(Object.fromEntries(more.map(([name, each]) => [name, each.permissions]))).toEqual(
      file === "release.yml" ? { publish: { "id-token": "write" }, notes: { contents: "write" } } : {},
    );
  });

  test("has a timeout for each of its jobs", () => {
    for (const each of Object.values(jobs))
      if (each.uses === undefined) expect(each["timeout-minutes"]).toBeGreaterThan(0);
  });

  test("uses actions of a fixed major version", () => {
    const actions = steps.flatMap(({ uses }) => uses ?? []);
    expect(actions.filter((action) => !/^(actions|pulumi)\/[a-z-]+@v\d+$/.test(action))).toEqual([]);
  });

  test("runs only scripts in package.json, and reads no secret", () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
    const called = steps.flatMap(({ run = "" }) =>
      [...run.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name ?? ""),
    );
    expect(called.filter((name) => !(name in scripts))).toEqual([]);
    expect(JSON.stringify(jobs)).not.toContain("secrets.");
  });
});

test("CI runs the gate with a real CLI on three systems and three versions of Node", () => {
  const { gate } = read("ci.yml").jobs;
  expect(gate).toMatchObject({
    strategy: { matrix: { os: ["ubuntu-latest", "macos-latest", "windows-latest"], node: [20, 22, 24] } },
  });
  const steps = gate?.steps ?? [];
  const [cli, run] = [/^pulumi\/actions@/, /ci\/run/].map((pattern) =>
    steps.findIndex((each) => pattern.test(each.uses ?? each.run ?? "")),
  );
  expect(cli).toBeGreaterThan(-1);
  expect(run).toBeGreaterThan(cli ?? 0);
  expect(steps[run ?? 0]).toMatchObject({ env: { REQUIRE_PULUMI_CLI: "true" } });
});

test("CI, and with it each release, runs the package matrix", () => {
  const steps = read("ci.yml").jobs["package"]?.steps ?? [];
  expect(steps.map(({ run }) => run)).toContain("npm run test:package");
});

test("a release publishes the package that was packed once, with provenance, after CI", () => {
  const { ci, publish } = read("release.yml").jobs;
  expect(ci?.uses).toBe("./.github/workflows/ci.yml");
  expect(publish?.needs).toEqual(["ci", "pack"]);
  expect(publish?.steps.at(-1)?.run).toMatch(/^npm publish \.\/pulumi-supermemory-\*\.tgz --provenance/);
  expect(publish).toMatchObject({ environment: "npm" });
  expect(publish?.steps.find(({ uses }) => uses?.startsWith("actions/setup-node"))).toMatchObject({
    with: { "node-version": "^24.5" },
  });
});

test("a release is packed only for the tagged version, with a state fixture, and names the repository", () => {
  const runs = read("release.yml").jobs["pack"]?.steps.flatMap(({ run }) => run ?? []) ?? [];
  const [checks = "", ...rest] = runs;
  expect(checks).toContain('test "v$version" = "$GITHUB_REF_NAME"');
  expect(checks).toContain('grep -E "^## $version - ');
  expect(checks).toContain('test -f "test/state/$version.json"');
  expect(rest.map((run) => run.split(" ", 2).join(" "))).toEqual(["npm ci", "npm pkg", "npm pack"]);
});
