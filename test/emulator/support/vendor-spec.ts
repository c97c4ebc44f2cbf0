import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv, { type ValidateFunction } from "ajv/dist/2020";
import { parse } from "yaml";
import { z } from "zod";

/** The vendor's OpenAPI document, of which this package ships no copy. */
export interface VendorSpec {
  /** Why an answer is not as documented; null when it is. */
  answerProblem(endpoint: string, status: number, body: unknown): string | null;
  /** Whether a request body is as documented. */
  acceptsRequest(endpoint: string, body: unknown): boolean;
  /** Whether a parameter of the path or the query is as documented. */
  acceptsParameter(endpoint: string, name: string, value: unknown): boolean;
}

/** Looked for in the folder that SUPERMEMORY_SPECS names, then beside the repository; undefined when there is none. */
export function findVendorSpec(version: "v3" | "v5" = "v3"): VendorSpec | undefined {
  const folders = [process.env["SUPERMEMORY_SPECS"], join(__dirname, "../../../../shared/api")];
  const file = folders
    .filter((folder) => folder !== undefined)
    .map((folder) => join(folder, `supermemory-${version}-openapi.yaml`))
    .find((path) => existsSync(path));
  return file === undefined ? undefined : readSpec(file);
}

const pathItem = z.record(z.string(), z.unknown());
const operationSchema = z.object({
  parameters: z.array(z.object({ name: z.string(), schema: z.record(z.string(), z.unknown()) })),
});

function readSpec(file: string): VendorSpec {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  const document = z.looseObject({ paths: z.record(z.string(), pathItem) }).parse(parse(readFileSync(file, "utf8")));
  ajv.addSchema(document, "spec");
  const schemaAt = (endpoint: string, ...rest: string[]): ValidateFunction | undefined => {
    const [method = "", path = ""] = endpoint.split(" ");
    const pointer = ["paths", path, method.toLowerCase(), ...rest, "content", "application/json", "schema"];
    return ajv.getSchema(`spec#/${pointer.map(pointerPart).join("/")}`);
  };
  return {
    answerProblem: (endpoint, status, body) => {
      const validate = schemaAt(endpoint, "responses", String(status));
      if (validate === undefined) return `${endpoint} has no documented answer ${status}`;
      return validate(body) ? null : ajv.errorsText(validate.errors);
    },
    acceptsParameter: (endpoint, name, value) => {
      const [method = "", path = ""] = endpoint.split(" ");
      const operation = operationSchema.parse(document.paths[path]?.[method.toLowerCase()]);
      const schema = operation.parameters.find((parameter) => parameter.name === name)?.schema;
      if (schema === undefined) throw new Error(`${endpoint} has no documented parameter ${name}`);
      return ajv.validate(schema, value);
    },
    acceptsRequest: (endpoint, body) => schemaAt(endpoint, "requestBody")?.(body) === true,
  };
}

function pointerPart(name: string): string {
  return encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"));
}
