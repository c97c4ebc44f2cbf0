/**
 * `pulumi-language-nodejs` of a CLI that was built from its Go module: the module proxy serves the CLI, but not the
 * language host that the released CLI brings. It runs a program as that one does, with the program's own SDK; tasks
 * beside running programs (install, convert, pack) stay unimplemented.
 */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type sendUnaryData, Server, ServerCredentials, type ServerUnaryCall, status } from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

/** The engine gives its address last, after flags such as -tracing. */
const engine = process.argv.at(-1) ?? "";
/** Exit code of the SDK's run command after it reported the program's error itself. */
const reported = 32;
const parentCheckMs = 1000;

const server = new Server({ "grpc.max_receive_message_length": -1 });
server.addService(LanguageRuntimeService, {
  handshake: always(() => new language.LanguageHandshakeResponse()),
  getPluginInfo: always(() => new plugin.PluginInfo()),
  getRequiredPlugins: always(() => new language.GetRequiredPluginsResponse()),
  getRequiredPackages: always(() => new language.GetRequiredPackagesResponse()),
  runtimeOptionsPrompts: always(() => new language.RuntimeOptionsResponse()),
  about: always(() => new language.AboutResponse()),
  getProgramDependencies: always(() => new language.GetProgramDependenciesResponse()),
  cancel: always(() => new Empty()),
  run: (call: ServerUnaryCall<language.RunRequest, unknown>, done: sendUnaryData<language.RunResponse>) => {
    run(call.request).then(
      (response) => {
        done(null, response);
      },
      (error: unknown) => {
        done({ code: status.UNKNOWN, details: error instanceof Error ? error.message : String(error) });
      },
    );
  },
});
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  console.log(port);
});

// A killed engine ends nobody. Without this check, its language host would outlive it for good.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.exit(1);
}, parentCheckMs);

function always<Response>(response: () => Response) {
  return (_call: unknown, done: sendUnaryData<Response>): void => {
    done(null, response());
  };
}

async function run(request: language.RunRequest): Promise<language.RunResponse> {
  const info = request.getInfo();
  if (info === undefined) throw new Error("the engine named no program");
  const folder = info.getProgramDirectory();
  const options = new Map(Object.entries(info.getOptions()?.toJavaScript() ?? {}));
  const code = await exitCode(
    [
      ...nodeArguments(options.get("nodeargs")),
      runCommand(folder),
      ...["--monitor", request.getMonitorAddress(), "--engine", engine, "--organization", request.getOrganization()],
      ...["--project", request.getProject(), "--root-directory", info.getRootDirectory()],
      ...["--stack", request.getStack(), "--pwd", request.getPwd()],
      ...(request.getDryrun() ? ["--dry-run"] : []),
      ...["--parallel", String(request.getParallel()), info.getEntryPoint(), ...request.getArgsList()],
    ],
    folder,
    {
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      ...(options.get("typescript") === false ? {} : { PULUMI_NODEJS_TYPESCRIPT: "true" }),
    },
  );
  const response = new language.RunResponse();
  if (code === reported) response.setBail(true);
  else if (code !== 0) response.setError(`Program exited with non-zero exit code: ${code}`);
  return response;
}

function runCommand(folder: string): string {
  try {
    return createRequire(join(folder, "index.js")).resolve("@pulumi/pulumi/cmd/run");
  } catch {
    throw new Error(`the Pulumi SDK is not installed in ${folder}\nrun npm install in this folder`);
  }
}

function nodeArguments(value: unknown): readonly string[] {
  return typeof value === "string" ? value.split(" ").filter((argument) => argument !== "") : [];
}

async function exitCode(args: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Promise<number> {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit"],
  });
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      resolve(code ?? 1);
    });
  });
}
