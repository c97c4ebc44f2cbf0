export { cliEngine } from "./cli/engine";
export { chooseCli } from "./cli/choose-cli";
export { findCli } from "./cli/find-cli";
export { embeddedEngine, embeddedEngineOn } from "./embedded/engine";
export { describeOnBothEngines, describeOnEngine, engineFor, type Needs, titleOf } from "./engines";
export { fileBackend } from "./file-backend";
export { cleanEnvironment } from "./environment";
export { copiedProject, testProject, type TestProject } from "./project";
export type { ConfigValue, DeploymentResource, Engine, EngineStack, Run, RunOptions } from "./types";
