import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const env = z.record(z.string(), z.string()).default({});
const text = z.string().optional();
const step = z.strictObject({
  ...{ id: text, uses: text, run: text, env },
  with: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
});
const job = z.strictObject({
  ...{ if: text, "runs-on": z.string(), env, steps: z.array(step) },
  ...{ permissions: z.unknown().optional(), concurrency: z.unknown().optional() },
});
const schema = z.strictObject({
  ...{ name: z.string(), on: z.unknown(), permissions: z.unknown(), env, jobs: z.record(z.string(), job) },
  concurrency: z.strictObject({ group: z.string(), "cancel-in-progress": z.boolean() }),
});

const environment = workflow("ephemeral-environment", "environment");
const nightly = workflow("ephemeral-environment", "nightly");
const cleanup = workflow("cleanup-policy", "cleanup");
const all = [environment, nightly, cleanup];

describe("The workflow environment", () => {
  const { up, destroy } = environment.jobs;

  test("runs up when a pull request is opened or pushed to, and destroy when it is closed", () => {
    const secretsThere = [
      "github.event.pull_request.head.repo.full_name == github.repository",
      "github.event.pull_request.user.login != 'dependabot[bot]'",
    ].join(" && ");
    expect(environment.on).toEqual({ pull_request: { types: ["opened", "synchronize", "reopened", "closed"] } });
    expect(up?.if).toBe(`github.event.action != 'closed' && ${secretsThere}`);
    expect(destroy?.if).toBe(`github.event.action == 'closed' && ${secretsThere}`);
    expect(pulumiSteps(up)).toMatchObject([{ with: { command: "up", upsert: true } }]);
    expect(pulumiSteps(destroy)).toMatchObject([{ with: { command: "destroy", upsert: true, remove: true } }]);
  });

  test("never runs up and destroy of one pull request's stack at the same time, and cancels neither", () => {
    const group = "environment-pr-${{ github.event.pull_request.number }}";
    expect(environment.concurrency).toEqual({ group, "cancel-in-progress": false });
    expect([up?.concurrency, destroy?.concurrency]).toEqual([undefined, undefined]);
    const stacks = [up, destroy].flatMap(pulumiSteps).map((step) => [step.with["stack-name"], step.with["work-dir"]]);
    expect(stacks).toEqual(Array(2).fill(["${{ env.STACK }}", undefined]));
    expect(environment.env["STACK"]).toBe("pr-${{ github.event.pull_request.number }}");
    expect([up, destroy].flatMap((job) => [job?.env, ...pulumiSteps(job).map(({ env }) => env)])).not.toContainEqual(
      expect.objectContaining({ STACK: expect.anything() as unknown }),
    );
  });

  test("passes the exported tag to the application", () => {
    const program = readFileSync(join(environment.folder, "index.ts"), "utf8");
    const application = up?.steps.find(({ run }) => run === "npx tsx app.ts");
    expect(application?.env["SUPERMEMORY_CONTAINER_TAG"]).toBe("${{ steps.environment.outputs.containerTag }}");
    expect(pulumiSteps(up)[0]?.id).toBe("environment");
    expect(program).toContain("export const containerTag = ");
    expect(existsSync(join(environment.folder, "app.ts"))).toBe(true);
  });
});

describe("The workflows of the policies", () => {
  test.each([nightly, cleanup])("run every night or by hand, and one at a time", (policy) => {
    expect(policy.on).toEqual({ schedule: [{ cron: "17 3 * * *" }], workflow_dispatch: null });
    expect(policy.concurrency).toEqual({ group: policy.name, "cancel-in-progress": false });
  });

  test("run the stack in its own folder, after its tests if it has some", () => {
    const [net] = pulumiSteps(nightly.jobs["purge"]);
    expect(net?.with).toEqual({ command: "up", "stack-name": "nightly", "work-dir": "nightly", upsert: true });
    expect(existsSync(join(nightly.folder, "nightly", "Pulumi.yaml"))).toBe(true);
    const lines = cleanup.jobs["cleanup"]?.steps.flatMap(({ run }) => run ?? []);
    expect(lines).toEqual(["npm ci", "node --test", "pulumi stack select --create nightly && pulumi up --yes"]);
  });
});

describe.each(all)("The workflow $name", ({ jobs, permissions, text }) => {
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  test("may read the repository, and nothing else, and shows the purge in the summary of the step", () => {
    expect(text).toContain("SUPERMEMORY_RECEIPTS: github");
    expect(permissions).toEqual({ contents: "read" });
    for (const job of Object.values(jobs)) expect(job.permissions).toBeUndefined();
    for (const { uses, with: inputs } of steps) {
      if (uses?.startsWith("actions/checkout@") === true) expect(inputs["persist-credentials"]).toBe(false);
    }
  });

  test("takes keys only from the repository's secrets, and passes none to a step that installs packages", () => {
    for (const { env, run } of steps) {
      for (const [name, value] of Object.entries(env)) {
        if (/KEY|TOKEN/.test(name)) expect(value).toBe(`\${{ secrets.${name} }}`);
      }
      if (run === "npm ci") expect(env).toEqual({});
    }
    expect(text).not.toMatch(/\b(sm_|pul-|ghp_)\w/);
    expect(text.match(/secrets\.\w+/g)?.sort()).toEqual(
      expect.arrayContaining(["secrets.PULUMI_ACCESS_TOKEN", "secrets.SUPERMEMORY_API_KEY"]),
    );
  });

  test("uses pinned actions with existing inputs", () => {
    const used = [...text.matchAll(/uses: ([\w/-]+)@(\S+) # (\S+)$/gm)].map(([, name = "", commit, version]) => {
      return [name, { commit, version }] as const;
    });
    expect(used).toHaveLength(steps.filter(({ uses }) => uses !== undefined).length);
    for (const [name, pin] of used) expect(pin).toEqual(actions[name]?.pin);
    for (const { uses, with: inputs } of steps) {
      const known = actions[uses?.split("@")[0] ?? ""]?.inputs ?? [];
      for (const input of Object.keys(inputs)) expect(known).toContain(input);
    }
  });
});

/** From the `action.yml` of these versions, as tagged on 2026-05-01 (pulumi) and 2026-07-20. */
const actions: Readonly<Record<string, { readonly pin: object; readonly inputs: readonly string[] }>> = {
  "actions/checkout": {
    pin: { commit: "3d3c42e5aac5ba805825da76410c181273ba90b1", version: "v7.0.1" },
    inputs: ["ref", "persist-credentials", "fetch-depth"],
  },
  "actions/setup-node": {
    pin: { commit: "820762786026740c76f36085b0efc47a31fe5020", version: "v7.0.0" },
    inputs: ["node-version", "node-version-file", "cache"],
  },
  "pulumi/actions": {
    pin: { commit: "8e5e406f4007fca908480587cb9893c07090f58d", version: "v7.0.0" },
    inputs: ["command", "stack-name", "work-dir", "upsert", "remove", "cloud-url", "config-map", "refresh"],
  },
};

type Job = z.infer<typeof job>;

function pulumiSteps(of: Job | undefined): readonly Job["steps"][number][] {
  return of?.steps.filter(({ uses }) => uses?.startsWith("pulumi/actions@")) ?? [];
}

function workflow(example: string, file: string) {
  const folder = resolve(__dirname, "../../examples", example);
  const text = readFileSync(join(folder, ".github", "workflows", `${file}.yml`), "utf8");
  return { ...schema.parse(parse(text)), folder, text };
}
