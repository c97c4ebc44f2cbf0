import { closeSync, openSync, readFileSync, readlinkSync } from "node:fs";
import type { Environment } from "../config/keys";

/** What can be seen of the CLI from a process that it started. */
export interface CliProcess {
  readonly args: readonly string[];
  /** The paths of its standard input and output. */
  readonly streams: readonly string[];
}

/**
 * Whether the CLI shows rows that it overwrites, or prints each change of a row as a line. It does not tell a provider, so
 * this decides by the CLI's own rules:
 * https://github.com/pulumi/pulumi/blob/v3.274.1/sdk/go/common/util/cmdutil/console.go
 *
 * @param cli undefined if the CLI cannot be looked at
 * @param controlled whether this process has a controlling terminal
 */
export function showsRows(env: Environment, cli: CliProcess | undefined, controlled: boolean): boolean {
  const isSet = (name: string): boolean => (env[name] ?? "") !== "";
  const isCi = ciVariables.some(isSet) || env["CI_NAME"] === "codeship";
  if ((isCi && !isSet("PULUMI_DISABLE_CI_DETECTION")) || env["TERM"]?.toLowerCase() === "dumb") return false;
  if (cli === undefined) return controlled && !isSet("PULUMI_AUTOMATION_API");
  return !cli.args.some((arg) => nonInteractive.test(arg)) && cli.streams.every((path) => terminal.test(path));
}

/** Whether the CLI that started this process shows rows in a terminal. */
export function hasTerminal(env: Environment): boolean {
  return showsRows(env, process.platform === "linux" ? findCli(process.ppid) : undefined, isControlled());
}

const nonInteractive = /^--non-interactive(=true)?$/;
const terminal = /^\/dev\/(pts\/|tty|console)/;

/** https://github.com/pulumi/pulumi/blob/v3.274.1/sdk/go/common/util/ciutil/detect.go */
const ciVariables = [
  "PULUMI_CI_SYSTEM",
  "APPVEYOR",
  "CODEBUILD_BUILD_ARN",
  "bamboo_planKey",
  "BITBUCKET_COMMIT",
  "TF_BUILD",
  "BUILDKITE",
  "CIRCLECI",
  "CF_BUILD_URL",
  "DRONE",
  "GITHUB_ACTIONS",
  "GITLAB_CI",
  "GO_PIPELINE_LABEL",
  "HUDSON_URL",
  "JENKINS_URL",
  "MAGNUM",
  "SEMAPHORE",
  "TASK_ID",
  "RUN_ID",
  "TEAMCITY_VERSION",
  "TRAVIS",
  "SPACELIFT_MAX_REQUESTS_BURST",
  "TF_VAR_spacelift_run_trigger",
  "SPACELIFT_STORE_HOOKS_ENV_VARS",
  "TF_VAR_spacelift_commit_branch",
  "SPACELIFT_WORKER_TRACING_ENABLED",
];

/** A shell may stand between the CLI and this process. */
const maxAncestors = 4;

/** The CLI among this process and its ancestors, from Linux's /proc. */
export function findCli(parent: number): CliProcess | undefined {
  try {
    for (let [pid, step] = [parent, 0]; pid > 1 && step < maxAncestors; step += 1) {
      const args = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      if (/(^|\/)pulumi$/.test(args[0] ?? "")) {
        return { args, streams: [0, 1].map((stream) => readlinkSync(`/proc/${pid}/fd/${stream}`)) };
      }
      // "pid (name) state parent ...", and a name may contain anything.
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      pid = Number(stat.slice(stat.lastIndexOf(")")).split(" ")[2]);
    }
  } catch {
    // A process that ended, or of another user.
  }
  return undefined;
}

/** Windows has no such file, and there a terminal is the usual case. */
function isControlled(): boolean {
  if (process.platform === "win32") return true;
  try {
    closeSync(openSync("/dev/tty", "r+"));
    return true;
  } catch {
    return false;
  }
}
