/** This package, asked as the dynamic-provider server asks it. Its argument is the address of an engine. */
import { containerPurge } from "pulumi-supermemory/provider";
import { z } from "zod";
import { answerQuestions } from "../stage/worker";

answerQuestions(async (question) => {
  const { apiKey, inputs, url } = questionSchema.parse(question);
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

const questionSchema = z.object({ url: z.string(), apiKey: z.string(), inputs: z.record(z.string(), z.unknown()) });
