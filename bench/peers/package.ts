/** This package, called as the dynamic-provider server calls it. The argument is the address of an engine. */
import { containerPurge } from "pulumi-supermemory/provider";
import { z } from "zod";
import { serveCalls } from "../stage/worker";

serveCalls(async (task) => {
  const { apiKey, inputs, url } = taskSchema.parse(task);
  process.env["SUPERMEMORY_API_KEY"] = apiKey;
  process.env["SUPERMEMORY_BASE_URL"] = url;
  const checked = checkedSchema.parse(await containerPurge.check?.({}, inputs));
  const startedAt = performance.now();
  const created: unknown = await containerPurge.create(checked.inputs);
  const ms = performance.now() - startedAt;
  return { ms, deletedCount: createdSchema.parse(created).outs.deletedCount };
});

const checkedSchema = z.object({ inputs: z.record(z.string(), z.unknown()), failures: z.array(z.unknown()).max(0) });

const createdSchema = z.object({ outs: z.object({ deletedCount: z.number() }) });

const taskSchema = z.object({ url: z.string(), apiKey: z.string(), inputs: z.record(z.string(), z.unknown()) });
