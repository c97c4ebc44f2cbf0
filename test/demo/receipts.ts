import { readFileSync } from "node:fs";
import { z } from "zod";

const receipt = z.looseObject({ result: z.string(), deletedCount: z.number(), containerTags: z.array(z.string()) });

export function readReceipts(file: string): readonly z.infer<typeof receipt>[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => receipt.parse(JSON.parse(line)));
}
