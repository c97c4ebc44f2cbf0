import { readFileSync } from "node:fs";
import { embeddedEngine } from "../../test/engine";
import type { Contest } from "../compare";
import type { Program, Sample, Stage } from "../stage/stage";

const containers = { bench: 12 };

/** Bytes of one resource in the state after an `up`, as JSON. */
export function stateSize(stage: Stage): Promise<Contest> {
  return Promise.resolve({
    sameRequests: true,
    ours: async () => await storedBytes(stage, "by-name"),
    peer: async () => await storedBytes(stage, "naive"),
  });
}

async function storedBytes(stage: Stage, program: Program): Promise<Sample> {
  const { project } = stage;
  const byName = readFileSync(stage.programFile("by-name"), "utf8");
  project.setProgram(readFileSync(stage.programFile(program), "utf8"));
  const { projectDir, stateDir } = project;
  const stack = await embeddedEngine.open({ projectDir, stateDir, stack: program, env: stage.environment });
  try {
    return await stage.purging(containers, async () => {
      const run = await stack.up({ skipPreview: true });
      if (!run.ok) throw new Error(run.output);
      const { resources } = (await stack.export()).deployment;
      const resource = resources.find(({ type }) => type.startsWith("pulumi-nodejs:dynamic"));
      return Buffer.byteLength(JSON.stringify(resource ?? fail()));
    });
  } finally {
    await stack.close();
    project.setProgram(byName);
  }
}

function fail(): never {
  throw new Error("the state has no resource of the program");
}
