import { type Engine } from "../types";
import { ownRuntimes, type Runtimes } from "./program/child-process";
import { EmbeddedStack } from "./stack";

/**
 * The embedded engine, a stand-in for the Pulumi CLI in tests and the demo. README.md in this folder explains it.
 *
 * It runs the user's program with the real Node SDK and real dynamic-provider processes, makes the same decisions as
 * the real engine (create, update, replace, delete, refresh), and keeps the state in a JSON file. Any difference from
 * the real CLI that the histories do not list is a bug.
 */
export const embeddedEngine: Engine = embeddedEngineOn(ownRuntimes);

/** The embedded engine with runtimes other than the Node of this process. */
export function embeddedEngineOn(runtimes: Runtimes): Engine {
  return { name: "embedded", open: (options) => Promise.resolve(new EmbeddedStack(options, runtimes)) };
}
