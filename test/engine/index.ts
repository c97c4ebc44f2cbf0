export { cliEngine } from "./cli/engine";
export { findCli } from "./cli/find-cli";
export { embeddedEngine, embeddedEngineOn } from "./embedded/engine";
export { describeOnEngines, engines, type Needs } from "./engines";
export { fileBackend } from "./file-backend";
export { cleanEnvironment } from "./environment";
export { copiedProject, testProject, type TestProject, type TestProjectOptions } from "./project";
export type {
  ConfigValue,
  Deployment,
  DeploymentResource,
  Diagnostic,
  Engine,
  EngineStack,
  Run,
  RunOptions,
  Severity,
  StackOptions,
  Step,
  StepOp,
} from "./types";
