import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { GetRootResourceResponse, type LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { atEnd } from "./ends";
import { GrpcServer, unary } from "../../engine/embedded/program/grpc-server";

interface LoggedLine {
  readonly urn: string;
  readonly severity: "info" | "warning" | "error" | "debug";
  readonly message: string;
  readonly ephemeral: boolean;
}

/** A real gRPC server with the engine's Log and GetRootResource. */
export async function startEngine() {
  const lines: LoggedLine[] = [];
  let questions = 0;
  let held = Promise.resolve();
  const answer = async <T>(value: T): Promise<T> => {
    await held;
    return value;
  };
  const implementation = {
    log: unary(async (request: LogRequest) => {
      const [severity, message] = [severities[request.getSeverity()], request.getMessage()];
      lines.push({ urn: request.getUrn(), severity, message, ephemeral: request.getEphemeral() });
      return await answer(new Empty());
    }),
    getRootResource: unary(async () => {
      questions += 1;
      return await answer(new GetRootResourceResponse());
    }),
    setRootResource: unary(() => new Empty()),
    startDebugging: unary(() => new Empty()),
    requirePulumiVersion: unary(() => new Empty()),
  };
  const server = await GrpcServer.start([{ definition: EngineService, implementation }]);
  const end = async (): Promise<void> => {
    await server.end();
  };
  atEnd(() => void end());
  return {
    address: server.address,
    lines,
    /** How often it was asked whether it still answers. */
    get questions() {
      return questions;
    },
    /** Ends as an engine that is killed: its connections close at once. */
    end,
    /** From now on it takes calls and does not answer, until what this returns is called. */
    hang: () => {
      let release = (): void => undefined;
      held = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
  };
}

const severities: Readonly<Record<LogSeverity, LoggedLine["severity"]>> = {
  [LogSeverity.DEBUG]: "debug",
  [LogSeverity.INFO]: "info",
  [LogSeverity.WARNING]: "warning",
  [LogSeverity.ERROR]: "error",
};
