import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type AjvCustomizer, type Document, OpenAPIBackend, type Operation } from "openapi-backend";
import { parse } from "yaml";
import { z } from "zod";

/** A difference from the vendor's document. It contains no value of the request or the response. */
export interface Problem {
  readonly part: "request" | "response";
  /** For example `endpoint`, `body/ids`, `status`. */
  readonly place: string;
  readonly reason: string;
}

export interface WireRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed from JSON or a form, the text of any other body, or undefined without a body. */
  readonly body: unknown;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface Endpoint {
  /** Method and path as the document writes them, for example "DELETE /v3/documents/bulk". */
  readonly name: string;
  problemsOfRequest(request: WireRequest): readonly Problem[];
  /** Fields of a body that an open schema allows without naming them. */
  unnamedFields(body: unknown): readonly Problem[];
  problemsOfResponse(response: WireResponse): readonly Problem[];
}

/** The vendor's OpenAPI document of one API version. This package has no copy of it. */
export interface VendorDocument {
  /** The operation for a request; undefined when the document has none. */
  find(method: string, path: string): Endpoint | undefined;
  /** @throws Error when the document has no operation of this name */
  named(name: string): Endpoint;
}

/** Searches the folder in SUPERMEMORY_SPECS, then one beside the repository. Undefined when neither has the document. */
export async function loadVendorDocument(version: "v3" | "v5"): Promise<VendorDocument | undefined> {
  const folders = [process.env["SUPERMEMORY_SPECS"], join(__dirname, "../../../shared/api")];
  const file = folders
    .filter((folder) => folder !== undefined)
    .map((folder) => join(folder, `supermemory-${version}-openapi.yaml`))
    .find((path) => existsSync(path));
  return file === undefined ? undefined : await readDocument(readFileSync(file, "utf8"));
}

/** `quick` compiles a validator when it is first used. With `allErrors` a tolerated error hides no other. */
async function readDocument(text: string): Promise<VendorDocument> {
  const beyond = /^\s*(prefixItems|unevaluated\w+|dependent(Required|Schemas)|minContains)\b/m.exec(text)?.[1];
  if (beyond !== undefined) throw new Error(`${beyond} is a keyword that the validator ignores`);
  const definition = openApi.parse(parse(text));
  const ajvOpts = { allErrors: true };
  const backend = new OpenAPIBackend({ definition, quick: true, strict: true, ajvOpts, customizeAjv });
  await backend.init();
  const endpoints = backend.router
    .getOperations()
    .map((operation) => ({ fits: patternOf(operation.path), endpoint: endpointOf(backend, operation), operation }))
    .sort((a, b) => parameters(a.operation) - parameters(b.operation));
  return {
    find: (method, path) =>
      endpoints.find(({ fits, operation }) => operation.method.toUpperCase() === method && fits.test(path))?.endpoint,
    named: (name) => {
      const found = endpoints.find(({ endpoint }) => endpoint.name === name);
      if (found === undefined) throw new Error(`the document has no ${name}`);
      return found.endpoint;
    },
  };
}

const openApi = z.custom<Document>(
  (document) => z.looseObject({ openapi: z.string(), paths: z.looseObject({}) }).safeParse(document).success,
);

const customizeAjv: AjvCustomizer = (ajv) => {
  // The v3 document calls it "datetime".
  for (const name of ["date-time", "datetime"]) ajv.addFormat(name, isDateTime);
  ajv.addFormat("uri", (text) => URL.canParse(text));
  return ajv;
};

function isDateTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text));
}

function parameters({ path }: Operation): number {
  return path.split("{").length;
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{[^}]+\}/g, "[^/]+")}$`);
}

function endpointOf({ validator }: Pick<OpenAPIBackend, "validator">, operation: Operation): Endpoint {
  const bodyTypes = typesIn(operation.requestBody);
  const responses = new Map(
    Object.entries(operation.responses ?? {}).map(([status, documented]) => [status, typesIn(documented)]),
  );
  return {
    name: `${operation.method.toUpperCase()} ${operation.path}`,
    problemsOfRequest: ({ body, headers, method, target }) => {
      const [path = "", ...query] = target.split("?");
      const sent = { method, path, query: query.join("?"), headers: { ...headers } };
      const { errors } = validator.validateRequest(Object.assign(sent, { body: formless(body) }), operation);
      const bearer = /^bearer /i.test(headers["authorization"] ?? "");
      return [
        ...(bearer ? [] : [request("headers/authorization", "is not a bearer token")]),
        ...(body === undefined ? [] : bodyTypeProblems(bodyTypes, headers["content-type"])),
        ...(errors ?? []).map((error) => request(placeInRequest(error), reasonOf(error))),
      ];
    },
    unnamedFields: (body) =>
      unnamedFields(operation.requestBody, body).map((name) => request(`body/${name}`, "is not documented")),
    problemsOfResponse: ({ headers, status, text }) => {
      const types = responses.get(String(status));
      if (types === undefined)
        return [response("status", `${status} is not documented`), ...errorProblems(status, text)];
      const type = mediaType(headers["content-type"]);
      if (types.length > 0 && !types.includes(type)) return [response("content-type", `is ${type || "absent"}`)];
      const body = parsed(text);
      if (body === NOT_JSON) return [response("body", "is not JSON")];
      const { errors } = validator.validateResponse(body, operation, status);
      return (errors ?? []).map((error) => response(`body${error.instancePath}`, reasonOf(error)));
    },
  };
}

/** The fields of a body that its open schema allows without naming them. */
function unnamedFields(documented: unknown, body: unknown): readonly string[] {
  const schema = openBody.safeParse(documented).data?.content["application/json"].schema;
  const sent = anyFields.safeParse(body).data;
  if (schema === undefined || sent === undefined) return [];
  return Object.keys(sent).filter((name) => !Object.hasOwn(schema.properties, name));
}

const anyFields = z.record(z.string(), z.unknown());

/** A request schema without `additionalProperties`. The validator checks the others. */
const openBody = z.object({
  content: z.object({
    "application/json": z.object({
      schema: z.object({ properties: anyFields, additionalProperties: z.undefined().optional() }),
    }),
  }),
});

/** An undocumented error must have the shape of the documented ones. */
function errorProblems(status: number, text: string): readonly Problem[] {
  const isError = z.looseObject({ error: z.string() }).safeParse(parsed(text)).success;
  return status < 400 || isError ? [] : [response("body", "is not that of an error")];
}

function bodyTypeProblems(types: readonly string[], sent: string | undefined): readonly Problem[] {
  if (types.length === 0) return [request("body", "is sent where none is documented")];
  return types.includes(mediaType(sent)) ? [] : [request("headers/content-type", `is none of ${types.join(", ")}`)];
}

function typesIn(part: unknown): readonly string[] {
  const content = typeof part === "object" && part !== null && "content" in part ? part.content : undefined;
  return typeof content === "object" && content !== null ? Object.keys(content) : [];
}

function mediaType(header = ""): string {
  return header.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

const NOT_JSON = Symbol("not JSON");

function parsed(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
}

function formless(body: unknown): unknown {
  const form = z.looseObject({ file: z.object({ name: z.string(), bytes: z.number() }) }).safeParse(body);
  return form.success ? { ...form.data, file: "" } : body;
}

type ValidationError = NonNullable<ReturnType<OpenAPIBackend["validator"]["validateRequest"]>["errors"]>[number];

function placeInRequest({ instancePath, schemaPath }: ValidationError): string {
  return schemaPath === "#/requestBody"
    ? "body"
    : instancePath.replace(/^\/(requestBody|query|path)/, (place) =>
        place === "/requestBody" ? "body" : place.slice(1),
      );
}

/** Never the message of a JSON parser, which quotes the text. */
function reasonOf({ keyword, message, params }: ValidationError): string {
  if (keyword === "parse") return "is not JSON";
  const extra: unknown = params["additionalProperty"];
  return `${message ?? keyword}${typeof extra === "string" ? `: ${extra}` : ""}`;
}

function request(place: string, reason: string): Problem {
  return { part: "request", place, reason };
}

function response(place: string, reason: string): Problem {
  return { part: "response", place, reason };
}
