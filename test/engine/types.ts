import type { Deployment } from "./cli/deployment";

/** Runs Pulumi programs for tests and the demo: the real Pulumi CLI, or the embedded stand-in for it. */
export interface Engine {
  readonly name: "embedded" | "cli";
  open(options: StackOptions): Promise<EngineStack>;
}

export type ConfigValue = string | { readonly secret: string };

export interface StackOptions {
  /** Folder with Pulumi.yaml (name, runtime nodejs, optionally main). */
  readonly projectDir: string;
  /** For example "pr-42". */
  readonly stack: string;
  readonly stateDir: string;
  readonly config?: Readonly<Record<string, ConfigValue>>;
  /** Environment of every command of this stack (programs and provider processes), over a clean base. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Commands never throw for a failed deployment: they return ok: false. */
export interface EngineStack {
  setConfig(key: string, value: ConfigValue): Promise<void>;
  preview(options?: RunOptions): Promise<Run>;
  /** Previews first, in provider processes of its own, and stops when that fails; then updates. */
  up(options?: RunOptions): Promise<Run>;
  refresh(options?: RunOptions): Promise<Run>;
  destroy(options?: RunOptions): Promise<Run>;
  /** `pulumi stack rename`, by which the state and the configuration follow. */
  rename(stack: string): Promise<void>;
  /** `pulumi state delete <urn>`. */
  forget(urn: string): Promise<void>;
  /** Takes away the lock that a killed command left; `pulumi cancel`. The embedded engine has none. */
  unlock(): Promise<void>;
  export(): Promise<Deployment>;
  rawState(): Promise<string>;
  outputs(): Promise<Record<string, unknown>>;
  /** Ends processes that are still there and removes the stack's files, its state included. */
  close(): Promise<void>;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** URNs. */
  readonly target?: readonly string[];
  /** URNs; up and preview only. */
  readonly replace?: readonly string[];
  readonly refresh?: boolean;
  /** destroy and refresh only. */
  readonly previewOnly?: boolean;
  /** destroy only. */
  readonly runProgram?: boolean;
  readonly skipPreview?: boolean;
  /** Gets the output piece by piece; status lines too, which `Run.output` of the embedded engine leaves out. */
  readonly onOutput?: (text: string) => void;
  readonly color?: boolean;
  /** Like Ctrl-C: the calls that are running may end, nothing new begins. */
  readonly signal?: AbortSignal;
  /** Like Ctrl-C once more: nothing more is recorded, and provider processes get SIGINT and five seconds to end. */
  readonly secondSignal?: AbortSignal;
  /** Like SIGKILL to the engine: it stops in the middle of what it does and leaves its provider processes to themselves. */
  readonly killSignal?: AbortSignal;
}

export interface Run {
  readonly ok: boolean;
  readonly output: string;
  /** Of the last phase: of the update when there was one, else of the preview. Default provider instances are left out. */
  readonly steps: readonly Step[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface Step {
  readonly op: StepOp;
  readonly urn: string;
}

export type StepOp =
  "same" | "create" | "update" | "delete" | "replace" | "create-replacement" | "delete-replaced" | "refresh";

export interface Diagnostic {
  readonly severity: Severity;
  readonly message: string;
  readonly urn: string;
  readonly ephemeral: boolean;
}

export type Severity = "info" | "info#err" | "warning" | "error";
