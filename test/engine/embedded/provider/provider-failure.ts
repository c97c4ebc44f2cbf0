import { type ServiceError } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { fromStruct, type Properties } from "../state/values";

/** An exception of a provider method, with the text that the CLI prints. */
export class ProviderFailure extends Error {}

/** A create or update that failed halfway. The resource is kept, with these properties and reasons. */
export class InitFailure extends ProviderFailure {
  constructor(
    readonly id: string,
    readonly properties: Properties,
    readonly reasons: readonly string[],
  ) {
    const many = reasons.length === 1 ? "1 error" : `${reasons.length} errors`;
    super(`${many} occurred:\n${reasons.map((reason) => `\t* ${reason}\n`).join("")}`);
  }
}

export function failureOf(error: ServiceError): ProviderFailure {
  const [details] = error.metadata.get("grpc-status-details-bin");
  if (details instanceof Buffer) {
    for (const detail of Status.deserializeBinary(details).getDetailsList()) {
      const init = detail.unpack((bytes) => ErrorResourceInitFailed.deserializeBinary(bytes), initFailedType);
      if (init !== null) return new InitFailure(init.getId(), fromStruct(init.getProperties()), init.getReasonsList());
    }
  }
  return new ProviderFailure(error.details);
}

const initFailedType = "pulumirpc.ErrorResourceInitFailed";
