import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv, { type ValidateFunction } from "ajv/dist/2020";
import { parse } from "yaml";

/** The vendor's OpenAPI document, of which this package ships no copy. */
export interface VendorSpec {
  /** Why an answer is not as documented; null when it is. */
  answerProblem(endpoint: string, status: number, body: unknown): string | null;
  /** Whether a request body is as documented. */
  acceptsRequest(endpoint: string, body: unknown): boolean;
}

/** Looked for in the folder that SUPERMEMORY_SPECS names, then beside the repository; undefined when there is none. */
export function findVendorSpec(): VendorSpec | undefined {
  const folders = [process.env["SUPERMEMORY_SPECS"], join(__dirname, "../../../../shared/api")];
  const file = folders
    .filter((folder) => folder !== undefined)
    .map((folder) => join(folder, "supermemory-v3-openapi.yaml"))
    .find((path) => existsSync(path));
  return file === undefined ? undefined : readSpec(file);
}

function readSpec(file: string): VendorSpec {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema(parse(readFileSync(file, "utf8")) as object, "spec");
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
    acceptsRequest: (endpoint, body) => schemaAt(endpoint, "requestBody")?.(body) === true,
  };
}

function pointerPart(name: string): string {
  return encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"));
}
