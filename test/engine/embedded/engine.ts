import { type Engine } from "../types";
import { ownRuntimes, type Runtimes } from "./program/runtimes";
import { EmbeddedStack } from "./stack";

/**
 * Embedded engine, a stand-in for the Pulumi CLI, used by tests and the demo.
 *
 * It runs the user's program with the real Node SDK and real dynamic-provider processes, takes the decisions of the
 * real engine (create, update, replace, delete, refresh), and keeps state in a JSON file. It knows by-name dynamic
 * resources, components and explicit provider instances; no other providers, functions, imports, transforms or hooks.
 * Where it behaves differently from the real CLI, that is a bug here.
 */
export const embeddedEngine: Engine = embeddedEngineOn(ownRuntimes);

/** The embedded engine with other runtimes than that of this process. */
export function embeddedEngineOn(runtimes: Runtimes): Engine {
  return { name: "embedded", open: (options) => Promise.resolve(new EmbeddedStack(options, runtimes)) };
}
