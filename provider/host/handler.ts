import { type RefusedError, withNothingDeleted } from "../errors";
import type { Properties } from "../util/values";

/**
 * What a resource does, for whichever front door calls it. Requests are typed: no front door's own properties are among
 * `olds` and `news`. `olds` of `check` are inputs, everywhere else `olds` are outputs.
 */
export interface ResourceHandler {
  /** Validates the arguments, fills in defaults, and judges what inputs alone show. */
  check(request: CheckRequest): Promise<CheckResponse>;
  /** Whether there is something to update. */
  diff(request: DiffRequest): boolean;
  /**
   * Announces what the create or update that follows will delete.
   *
   * @throws RefusedError for a purge that a guardrail would refuse
   */
  preview(request: PreviewRequest): Promise<void>;
  /** @throws InitFailure when it failed after its first delete */
  create(request: CreateRequest): Promise<CreateResponse>;
  /** @throws InitFailure when it failed after its first delete */
  update(request: UpdateRequest): Promise<Properties>;
  /**
   * Warns, in an up that changes nothing, of what a destroy would trip over. It never fails, and sends one request per
   * process and key, and a second one if the API rejects the key.
   */
  remind(request: DiffRequest): Promise<void>;
  delete(request: DeleteRequest): Promise<void>;
  read(request: ReadRequest): Promise<Properties>;
  /**
   * The outputs that name a secret tag.
   *
   * @param secret whether one of the tags is secret: among the arguments now, or in the outputs before
   */
  secretOutputs(outputs: Properties, secret: { readonly now: boolean; readonly before: boolean }): readonly string[];
}

interface ResourceRequest {
  readonly urn: string | undefined;
}

export interface CheckRequest extends ResourceRequest {
  readonly preview: boolean;
  /** Every argument arrived whole. In a preview, some may not be known yet. */
  readonly known: boolean;
  /** A tag or a glob is secret. */
  readonly secret: boolean;
  /** Empty for a new resource. */
  readonly olds: Properties;
  readonly news: Properties;
}

export interface CheckResponse {
  /** Arguments with defaults; a value that is not known yet stays as it is. */
  readonly inputs: Properties;
  readonly failures: readonly CheckFailure[];
}

/** `property` is empty where naming it would make the engine print a value that may be a secret. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/**
 * An update drops what is not known, also from within a list, so that arguments may arrive shortened. An argument that
 * narrows the purge may then be missing.
 */
export const argumentsUnknown: CheckFailure = {
  property: "",
  reason:
    "some arguments are not known because a resource they depend on failed; nothing was deleted\nfix that resource, then run pulumi up again",
};

/** A refusal as a failure of the responsible argument. A check comes before every delete. */
export function failureOf(refused: RefusedError): CheckFailure {
  withNothingDeleted(refused);
  return { property: refused.property, reason: refused.message };
}

/**
 * Failures as the engine can show them. It prints the value of the property that a failure names, which is `<nil>` for one
 * that the program did not set: a limit by default, or the address.
 */
export function withoutUnset(failures: readonly CheckFailure[], news: Properties): readonly CheckFailure[] {
  return failures.map((failure) => {
    const value = news[failure.property];
    return value === undefined || value === null ? { ...failure, property: "" } : failure;
  });
}

export interface DiffRequest extends ResourceRequest {
  readonly olds: Properties;
  readonly news: Properties;
}

export interface PreviewRequest extends ResourceRequest {
  /** Undefined for a new resource. */
  readonly olds: Properties | undefined;
  readonly news: Properties;
  /** Whether a create or update follows. */
  readonly changes: boolean;
}

export interface CreateRequest extends ResourceRequest {
  readonly news: Properties;
  /** Replaces the argument `timeout`, where the front door has a timeout of its own. */
  readonly timeoutMs?: number | undefined;
}

export interface CreateResponse {
  readonly id: string;
  readonly outputs: Properties;
}

export interface UpdateRequest extends CreateRequest {
  readonly id: string;
  readonly olds: Properties;
}

export interface DeleteRequest extends ResourceRequest {
  /** The URN in the outputs, which differs after a rename in the state. */
  readonly recordedUrn: string | undefined;
  readonly olds: Properties;
  readonly timeoutMs?: number | undefined;
}

export interface ReadRequest extends ResourceRequest {
  readonly olds: Properties;
}
