import { keyAtDestroy } from "../config/keys";
import {
  ApiError,
  ConfigError,
  keepDocuments,
  KeyError,
  RefusedError,
  refusesKey,
  StateError,
  SupermemoryError,
} from "../errors";
import { PurgeIncompleteError } from "../purge/purge";
import type { Target } from "../purge/types";
import type { Properties } from "../util/values";
import { changeArguments } from "./messages";

/**
 * A refused destroy, with a way out that works for that command. The program's arguments are not read by a destroy, so a
 * refusal that they can override also shows how to change them first.
 *
 * @param instance the name of the explicit provider instance, for the variable of its key
 */
export function withWaysOut(error: unknown, urn: string | undefined, instance: string | undefined): unknown {
  if (!(error instanceof SupermemoryError)) return error;
  const ofKey = [...keyAtDestroy(instance), keepDocuments];
  if (error instanceof KeyError) return new KeyError(error.summary, ofKey);
  if (error instanceof ConfigError && error.summary.includes("supermemory:")) {
    return new ConfigError(error.summary, [...error.hints, changedConfiguration, keepDocuments]);
  }
  if (error instanceof ApiError && refusesKey(error.failure)) {
    return new ApiError(error.failure, error.summary, [...error.hints, ...ofKey], [], error.apiMessage);
  }
  if (error instanceof PurgeIncompleteError && refusesKey(error.failure)) {
    const { failure, hints, outcome, summary } = error;
    return new PurgeIncompleteError(summary, [...hints.slice(0, -1), ...ofKey, ...hints.slice(-1)], outcome, failure);
  }
  if (!isRefusal(error)) return error;
  const property = error instanceof RefusedError ? error.property : "";
  const change = ["", "baseUrl"].includes(property) || urn === undefined ? [] : [changeArguments(urn)];
  const keep = error.hints.some((hint) => variable.test(hint)) ? [] : [keepDocuments];
  return new RefusedError(property, error.summary, [...error.hints, ...change, ...keep]);
}

/** A destroy uses the configuration of the last up. */
const changedConfiguration = "pulumi destroy uses a changed configuration only with --run-program";

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
