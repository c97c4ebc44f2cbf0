import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { GetRootResourceResponse, type LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { GrpcServer, unary } from "../../engine/embedded/program/grpc-server";

/** One Log call, as the engine got it. */
export interface LoggedLine {
  readonly urn: string;
  readonly severity: "info" | "warning" | "error" | "debug";
  readonly message: string;
  readonly ephemeral: boolean;
}

export interface TestEngine {
  readonly address: string;
  readonly lines: readonly LoggedLine[];
  /** How often it was asked whether it still answers. */
  readonly questions: number;
  /** Ends as an engine that is killed: its connections close at once. */
  end(): Promise<void>;
  /** From now on it takes calls and does not answer, until what this returns is called. */
  hang(): () => void;
}

const engines: TestEngine[] = [];

afterEach(() => {
  for (const engine of engines.splice(0)) void engine.end();
});

/** A real gRPC server with the engine's Log and GetRootResource. */
export async function startEngine(): Promise<TestEngine> {
  const lines: LoggedLine[] = [];
  let questions = 0;
  let held = Promise.resolve();
  const answer = async <T>(value: T): Promise<T> => {
    await held;
    return value;
  };
  const server = await GrpcServer.start([
    {
      definition: EngineService,
      implementation: {
        log: unary(async (request: LogRequest) => {
          lines.push({
            urn: request.getUrn(),
            severity: severities[request.getSeverity()],
            message: request.getMessage(),
            ephemeral: request.getEphemeral(),
          });
          return await answer(new Empty());
        }),
        getRootResource: unary(async () => {
          questions += 1;
          return await answer(new GetRootResourceResponse());
        }),
        setRootResource: unary(() => new Empty()),
        startDebugging: unary(() => new Empty()),
        requirePulumiVersion: unary(() => new Empty()),
      },
    },
  ]);
  const engine = {
    address: server.address,
    lines,
    get questions() {
      return questions;
    },
    end: async () => {
      await server.end();
    },
    hang: () => {
      let release = (): void => undefined;
      held = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
  };
  engines.push(engine);
  return engine;
}

const severities: Readonly<Record<LogSeverity, LoggedLine["severity"]>> = {
  [LogSeverity.DEBUG]: "debug",
  [LogSeverity.INFO]: "info",
  [LogSeverity.WARNING]: "warning",
  [LogSeverity.ERROR]: "error",
};
