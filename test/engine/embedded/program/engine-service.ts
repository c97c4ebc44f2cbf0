import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type Severity } from "../../types";
import { type PhaseLog } from "../display/phase-log";
import { unary, type Service } from "./grpc-server";

export function engineService(log: PhaseLog): Service {
  let root = "";
  return {
    definition: EngineService,
    implementation: {
      log: unary((request: proto.LogRequest) => {
        const severity = severities[request.getSeverity()];
        if (severity !== undefined) log.say(severity, request.getMessage(), request.getUrn(), request.getEphemeral());
        return new Empty();
      }),
      getRootResource: unary(() => {
        const response = new proto.GetRootResourceResponse();
        response.setUrn(root);
        return response;
      }),
      setRootResource: unary((request: proto.SetRootResourceRequest) => {
        root = request.getUrn();
        return new proto.SetRootResourceResponse();
      }),
    },
  };
}

/** Debug messages are dropped, as the CLI does by default. */
const severities: Readonly<Record<proto.LogSeverity, Severity | undefined>> = {
  [proto.LogSeverity.DEBUG]: undefined,
  [proto.LogSeverity.INFO]: "info",
  [proto.LogSeverity.WARNING]: "warning",
  [proto.LogSeverity.ERROR]: "error",
};
