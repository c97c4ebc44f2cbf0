import { status } from "@grpc/grpc-js";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { goalOf, type Goal } from "./goal";
import { RpcError, unary, type Service } from "./grpc-server";
import { Halted, type Registered } from "../steps/phase";
import { fromStruct, toStruct, type Properties } from "../state/values";

/** What the program calls, turned over to the deployment. */
export interface MonitorCalls {
  readonly stack: string;
  readonly project: string;
  register(goal: Goal): Promise<Registered>;
  registerOutputs(urn: string, outputs: Properties): void;
  /** The program has ended; settles when the phase has. */
  programEnded(): Promise<void>;
}

/** The service that the program registers its resources with. Functions, `get`, transforms and hooks are not there. */
export function monitorService(calls: MonitorCalls): Service {
  return {
    definition: ResourceMonitorService,
    implementation: {
      getDeploymentInfo: unary(() => unsupported("getDeploymentInfo")),
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
      ...Object.fromEntries(absent.map((name) => [name, unary(() => unsupported(name))])),
    },
  };
}

const features = new Set(["secrets", "aliasSpecs", "deletedWith", "replaceWith"]);

const absent = [
  "invoke",
  "call",
  "readResource",
  "registerStackTransform",
  "registerStackInvokeTransform",
  "registerResourceHook",
  "registerErrorHook",
  "registerPackage",
];

async function register(calls: MonitorCalls, request: proto.RegisterResourceRequest) {
  const { urn, id, outputs } = await calls
    .register(goalOf(request, calls.stack, calls.project))
    .catch((error: unknown) => {
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

function unsupported(name: string): never {
  throw new RpcError(
    status.UNIMPLEMENTED,
    `the embedded engine, a stand-in for the Pulumi CLI, does not support ${name}`,
  );
}
