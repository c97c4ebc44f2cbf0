import { type History, type Step } from "./history";

/** Histories that once showed a difference, as small as they could be made. */
export const examples: Readonly<Record<string, History>> = {
  "a target that depends on a resource that is not there": {
    isChain: true,
    steps: [
      step({ edits: [purge(), purge()], command: { name: "preview" } }),
      step({ command: { name: "up", target: 1 } }),
    ],
  },
  "a replacement of a resource that is not there": {
    isChain: true,
    steps: [step({ edits: [purge()], command: { name: "preview" } }), step({ command: { name: "up", replace: 0 } })],
  },
  "a destroy that fails with independent resources left": {
    isChain: false,
    steps: [
      step({ edits: [purge(), purge({ protect: true }), purge({}, true)] }),
      step({ edits: [], command: { name: "destroy" } }),
    ],
  },
  "the stack's outputs after an up that failed": {
    isChain: true,
    steps: [step({ edits: [purge({ protect: true })] }), step({ edits: [{ kind: "remove", at: 0 }] })],
  },
  "resources that a targeted up leaves out": {
    isChain: true,
    steps: [
      step({ edits: [purge(), purge()] }),
      step({ edits: [{ kind: "remove", at: 1 }], command: { name: "up", target: 0 } }),
    ],
  },
  "a destroy with the program's run of a stack that is empty": {
    isChain: true,
    steps: [step({ edits: [purge()], command: { name: "destroy", runProgram: true } })],
  },
  "a destroy of a target that is not there": {
    isChain: true,
    steps: [step({ edits: [purge()] }), step({ edits: [purge()], command: { name: "destroy", target: 1 } })],
  },
};

function step(given: Partial<Step>): Step {
  return { edits: [], writes: {}, command: { name: "up" }, fault: undefined, env: {}, isBroken: false, ...given };
}

function purge(options: Readonly<Record<string, unknown>> = {}, readsPrevious = false): Step["edits"][number] {
  return { kind: "add", resource: { kind: "ContainerPurge", args: {}, options, readsPrevious } };
}
