import type { DeleteRequest } from "@pulumi/pulumi/proto/provider_pb";
import { loadProviderMessages } from "../host/sdk";

/**
 * The URN of the resource that a delete is for. After `pulumi state rename` the outputs contain the old one, whose row no
 * longer exists, and the dynamic-provider server passes on only the id and the outputs. It reads the id from the request
 * right before it calls `delete`, so the request that was read last is the right one.
 */
export class DeletedUrn {
  #last: { readonly id: string; readonly urn: string } | undefined;

  /** Begins to note requests. */
  watch(): void {
    const { prototype } = loadProviderMessages().DeleteRequest;
    const getId = Object.getOwnPropertyDescriptor(prototype, "getId")?.value as unknown;
    if (typeof getId !== "function") return;
    const note = (request: DeleteRequest): string => {
      const id = String(Reflect.apply(getId, request, []));
      this.#last = { id, urn: request.getUrn() };
      return id;
    };
    prototype.getId = function (this: DeleteRequest) {
      return note(this);
    };
  }

  /** The URN of the delete of this id that begins now; undefined if it is not known. */
  take(id: string): string | undefined {
    const last = this.#last;
    this.#last = undefined;
    return last?.id === id && last.urn !== "" ? last.urn : undefined;
  }
}
