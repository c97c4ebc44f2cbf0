import { status } from "@grpc/grpc-js";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { fromStruct, toStruct, type Properties } from "../state/values";
import { Halted, type Registered } from "../steps/phase";
import { RpcError, unary, type Service } from "./grpc-server";

export interface MonitorCalls {
  register(request: proto.RegisterResourceRequest): Promise<Registered>;
  registerOutputs(urn: string, outputs: Properties): void;
  /** Called at the end of the program. Settles at the end of the phase. */
  programEnded(): Promise<void>;
}

/** The service with which the program registers resources. gRPC refuses, by name, the methods that are not here. */
export function monitorService(calls: MonitorCalls): Service {
  return {
    definition: ResourceMonitorService,
    implementation: {
      supportsFeature: unary((request: proto.SupportsFeatureRequest) => {
        const response = new proto.SupportsFeatureResponse();
        response.setHassupport(features.has(request.getId()));
        return response;
      }),
      registerResource: unary((request: proto.RegisterResourceRequest) => register(calls, request)),
      registerResourceOutputs: unary((request: proto.RegisterResourceOutputsRequest) => {
        calls.registerOutputs(request.getUrn(), fromStruct(request.getOutputs()));
        return new Empty();
      }),
      signalAndWaitForShutdown: unary(async () => {
        await calls.programEnded();
        return new Empty();
      }),
    },
  };
}

/** deletedWith and replaceWith are here so that `goalOf` refuses them, and not the SDK with advice to update the CLI. */
const features = new Set(["secrets", "aliasSpecs", "deletedWith", "replaceWith"]);

async function register(calls: MonitorCalls, request: proto.RegisterResourceRequest) {
  const { urn, id, outputs } = await calls.register(request).catch((error: unknown) => {
    if (!(error instanceof Halted)) throw error;
    // The SDK takes this code as the end of the deployment, and ends the program without another message.
    throw new RpcError(status.UNAVAILABLE, "resource monitor shut down while waiting on step's done channel");
  });
  const response = new proto.RegisterResourceResponse();
  response.setUrn(urn);
  response.setId(id);
  response.setObject(toStruct(outputs));
  response.setResult(proto.Result.SUCCESS);
  return response;
}
