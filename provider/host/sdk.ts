import { createRequire } from "node:module";
import type * as Grpc from "@grpc/grpc-js";
import type * as EngineMessages from "@pulumi/pulumi/proto/engine_pb";
import type * as ProviderMessages from "@pulumi/pulumi/proto/provider_pb";
import type * as EngineService from "@pulumi/pulumi/proto/engine_grpc_pb";

/** What a provider process needs of the Pulumi SDK to call the engine. */
export interface EngineSdk {
  readonly grpc: typeof Grpc;
  readonly messages: typeof EngineMessages;
  readonly service: typeof EngineService;
}

/** Loads what calls the engine. gRPC is a dependency of the SDK, so only the SDK is sure to find it. */
export function loadEngineSdk(): EngineSdk {
  const sdk = requireOfSdk();
  return {
    grpc: sdk("@grpc/grpc-js") as typeof Grpc,
    messages: sdk("./proto/engine_pb") as typeof EngineMessages,
    service: sdk("./proto/engine_grpc_pb") as typeof EngineService,
  };
}

/** The messages that the engine sends to this process, in the very module that its server uses. */
export function loadProviderMessages(): typeof ProviderMessages {
  return requireOfSdk()("./proto/provider_pb") as typeof ProviderMessages;
}

/**
 * Finds the SDK that this process runs. The package may have none beside it: SST installs the SDK in a folder of its own,
 * and yarn 1 does not install peer dependencies.
 */
function requireOfSdk(): NodeJS.Require {
  // The main script of a provider process is the SDK's own.
  const paths = [require.main?.path ?? __dirname, __dirname];
  return createRequire(require.resolve("@pulumi/pulumi", { paths }));
}
