import { type Answer, HttpProblem, json } from "../http/answer";
import { add } from "./add";
import { type Call, parseBody } from "../api/call";
import { containerTag, metadata, uploadForm } from "./schemas";
import * as z from "zod";

/** POST /v3/documents/file: the file's text becomes the content, its name the title. */
export function uploadFile(call: Call): Answer {
  const { file, containerTags, metadata: metadataJson, ...fields } = parseBody(uploadForm, call.body);
  const document = {
    ...fields,
    content: file.text,
    title: file.name,
    ...(containerTags === undefined ? {} : { containerTags: tagList(containerTags) }),
    ...(metadataJson === undefined ? {} : { metadata: parseBody(metadata, fromJson("metadata", metadataJson)) }),
  };
  return json(add(call, document));
}

/** A JSON array, or a single tag. */
function tagList(text: string): string[] {
  return parseBody(z.array(containerTag), text.startsWith("[") ? fromJson("containerTags", text) : [text]);
}

function fromJson(field: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpProblem(400, "Invalid request parameters", `${field}: not JSON`);
  }
}
