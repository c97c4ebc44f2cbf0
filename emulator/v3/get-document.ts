import { type Answer, json } from "../http/answer";
import { type Call, param } from "../api/call";
import { documentRow } from "./rows";
import { requireDocument } from "../api/visibility";

/** GET /v3/documents/{id}: by id, or by customId as DELETE does. */
export function getDocument(call: Call): Answer {
  const { store, behaviour } = call.world;
  return json(documentRow(behaviour, store.read(requireDocument(call, param(call, "id")))));
}
