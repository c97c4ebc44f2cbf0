import { ApiError, RefusedError, StateError, SupermemoryError, keepDocuments } from "../errors";
import type { Target } from "../purge/types";
import type { Properties } from "../util/values";
import { changeArguments } from "./messages";

/**
 * A refused destroy, with a way out that works for that command. The program's arguments are not read by a destroy, so a
 * refusal that they can override also shows how to change them first.
 */
export function withWaysOut(error: unknown, urn: string | undefined): unknown {
  if (!(error instanceof SupermemoryError) || !isRefusal(error)) return error;
  const property = error instanceof RefusedError ? error.property : "";
  const change = ["", "baseUrl"].includes(property) || urn === undefined ? [] : [changeArguments(urn)];
  const keep = error.hints.some((hint) => variable.test(hint)) ? [] : [keepDocuments];
  return new RefusedError(property, error.summary, [...error.hints, ...change, ...keep]);
}

/** An environment variable with its value, which a refusal names where one lifts it for the command. */
const variable = /\bSUPERMEMORY_[A-Z_]+=\S/;

/** Whether the same command would fail again, whenever it runs. */
function isRefusal(error: SupermemoryError): boolean {
  if (error instanceof ApiError) return error.failure.kind === "unreadable";
  return error instanceof RefusedError || error instanceof StateError || error.name === "SupermemoryError";
}

/** The tags in outputs that cannot be read as a whole. */
export function targetsIn({ containerTags }: Properties): readonly Target[] {
  const tags: readonly unknown[] = Array.isArray(containerTags) ? containerTags : [];
  return tags
    .filter((tag): tag is string => typeof tag === "string")
    .map((containerTag) => ({ containerTag, event: "delete" }));
}
