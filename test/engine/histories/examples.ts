import { type History, type Step } from "./history";

export const examples: Readonly<Record<string, History>> = {
  "a target that depends on a resource without state": {
    isChain: true,
    steps: [
      step({ edits: [purge(), purge()], command: { name: "preview" } }),
      step({ command: { name: "up", target: 1 } }),
    ],
  },
  "a replacement of a resource without state": {
    isChain: true,
    steps: [step({ edits: [purge()], command: { name: "preview" } }), step({ command: { name: "up", replace: 0 } })],
  },
  "a destroy with a protected resource": {
    isChain: false,
    steps: [
      step({ edits: [purge(), purge(), purge({ protect: true }, true)] }),
      step({ edits: [], command: { name: "destroy" } }),
    ],
  },
  "an up that fails in a delete": {
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
  "a resource that takes the name of a renamed one": {
    isChain: true,
    steps: [
      step({ edits: [purge(), purge()] }),
      step({
        edits: [
          { kind: "rename", at: 1, hasAlias: true },
          { kind: "rename", at: 0, hasAlias: true },
        ],
      }),
    ],
  },
  "a new resource with the name that a renamed one had": {
    isChain: true,
    steps: [step({ edits: [purge()] }), step({ edits: [{ kind: "rename", at: 0, hasAlias: true }, purge()] })],
  },
  "a targeted up of a resource that takes the name of a renamed one": {
    isChain: true,
    steps: [
      step({ edits: [purge(), purge()] }),
      step({
        edits: [
          { kind: "rename", at: 1, hasAlias: true },
          { kind: "rename", at: 0, hasAlias: true },
        ],
        command: { name: "up", target: 0 },
      }),
    ],
  },
  "destroy --run-program on an empty stack": {
    isChain: true,
    steps: [step({ edits: [purge()], command: { name: "destroy", runProgram: true } })],
  },
  "a destroy of a target without state": {
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
