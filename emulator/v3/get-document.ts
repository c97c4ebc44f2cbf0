import { type Answer, json } from "../http/answer.js";
import { type Call, param } from "./call.js";
import { documentRow } from "./rows.js";
import { requireDocument } from "./visibility.js";

/** GET /v3/documents/{id}: by id, or by customId as DELETE does. */
export function getDocument(call: Call): Answer {
  return json(documentRow(call.world.store.read(requireDocument(call, param(call, "id")))));
}
