import { readFileSync } from "node:fs";
import { numbersOf, type Receipt } from "../../../provider/host/receipt";

export function receiptsIn(path: string): readonly unknown[] {
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  return lines.map((line): unknown => JSON.parse(line));
}

export const receipt: Receipt = {
  schema: 1,
  time: "2026-01-01T00:00:00.000Z",
  urn: "urn:pulumi:pr-42::shop::pulumi-nodejs:dynamic/supermemory:ContainerPurge::memory",
  result: "complete",
  events: ["create"],
  containerTags: ["pr-42"],
  ...numbersOf(undefined, { planned: 1200, requests: 3, durationMs: 400 }),
  deletedCount: 1200,
  deletedByTag: { "pr-42": 1200 },
  remainingByTag: { "pr-42": 0 },
  kept: [],
  pending: [],
  apiHost: "api.supermemory.ai",
  apiVersion: "v3",
  packageVersion: "0.1.0",
  error: null,
};
