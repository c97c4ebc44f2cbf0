import { type HttpResponse, problem } from "./response";

/** A parsed request body. */
export type ParsedBody =
  | { readonly kind: "none"; readonly value: undefined }
  /** JSON, or the fields of a form. A file in a form is an {@link UploadedFile}. */
  | { readonly kind: "parsed"; readonly value: unknown }
  /** Neither JSON nor a form. The value is its text. */
  | { readonly kind: "broken"; readonly value: string };

interface UploadedFile {
  readonly name: string;
  readonly bytes: number;
  readonly text: string;
}

/** Parses a form by its content type, and everything else as JSON, as the vendor does. */
export function parsedBody(body: Buffer, contentType: string | undefined): ParsedBody {
  if (body.length === 0) return { kind: "none", value: undefined };
  try {
    const isForm = contentType?.startsWith("multipart/form-data") === true;
    return { kind: "parsed", value: isForm ? formFields(body, contentType) : JSON.parse(body.toString("utf8")) };
  } catch {
    return { kind: "broken", value: body.toString("utf8") };
  }
}

/** The response to a broken body. */
export function brokenBody(): HttpResponse {
  return problem(400, "Invalid request parameters", "body: not JSON");
}

/** Forms are small here, so it splits them as text with one character per byte. */
function formFields(body: Buffer, contentType: string): Readonly<Record<string, string | UploadedFile>> {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary === undefined) throw new SyntaxError("a form without a boundary");
  const fields: Record<string, string | UploadedFile> = {};
  for (const part of body.toString("latin1").split(`--${boundary}`).slice(1, -1)) {
    const head = part.slice(0, part.indexOf("\r\n\r\n"));
    const bytes = Buffer.from(part.slice(head.length + 4, -2), "latin1");
    const name = /[; ]name="([^"]*)"/i.exec(head)?.[1];
    const filename = /filename="([^"]*)"/i.exec(head)?.[1];
    if (name === undefined) throw new SyntaxError("a form field without a name");
    const text = bytes.toString("utf8");
    fields[name] = filename === undefined ? text : { name: utf8(filename), bytes: bytes.length, text };
  }
  return fields;
}

function utf8(binary: string): string {
  return Buffer.from(binary, "latin1").toString("utf8");
}
