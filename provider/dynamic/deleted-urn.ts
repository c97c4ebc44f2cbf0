import { DeleteRequest } from "@pulumi/pulumi/proto/provider_pb";

/**
 * The URN of the resource that a delete is for. After `pulumi state rename` the outputs contain the old one, whose row no
 * longer exists, and the dynamic-provider server passes on only the id and the outputs. It reads the id from the request
 * right before it calls `delete`, so the request that was read last is the right one.
 */
export class DeletedUrn {
  #last: { readonly id: string; readonly urn: string } | undefined;

  /** Begins to note requests. It has no effect where the server uses another copy of the SDK. */
  watch(): void {
    const read = Object.getOwnPropertyDescriptor(DeleteRequest.prototype, "getId")?.value as unknown;
    if (typeof read !== "function") return;
    const note = (request: DeleteRequest): string => {
      const id = String(Reflect.apply(read, request, []));
      this.#last = { id, urn: request.getUrn() };
      return id;
    };
    DeleteRequest.prototype.getId = function getId(this: DeleteRequest): string {
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
