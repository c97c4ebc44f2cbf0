export { cliEngine } from "./cli/engine";
export { findCli } from "./cli/find-cli";
export { embeddedEngine, embeddedEngineOn } from "./embedded/engine";
export { describeOnEngines, type Needs } from "./engines";
export { fileBackend } from "./file-backend";
export { cleanEnvironment } from "./environment";
export { copiedProject, testProject, type TestProject } from "./project";
export type { ConfigValue, DeploymentResource, Engine, EngineStack, Run, RunOptions } from "./types";
