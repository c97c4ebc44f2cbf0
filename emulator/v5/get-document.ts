import { type Call, param } from "../api/call";
import { type Answer, HttpProblem, json } from "../http/answer";
import { findIn, requireNamespace } from "./namespace";
import { parseInput } from "./parse";
import { documentRow } from "./rows";
import { documentPath, includeQuery } from "./schemas";

/** GET /ns/{namespace}/document/{id}: by id or caller-defined id. The emulator extracts nothing, so what is included is empty. */
export function getDocument(call: Call): Answer {
  const namespace = requireNamespace(call);
  const { id } = parseInput(call, documentPath, { id: param(call, "id") });
  const include = call.query.getAll("include").flatMap((names) => names.split(","));
  const included = parseInput(call, includeQuery, { include }).include;
  const slot = findIn(call, namespace, id);
  if (slot === undefined)
    throw new HttpProblem(404, "Document not found", `no document of ${namespace} has the id ${id}`);
  const children = Object.fromEntries(included.map((name) => [name, []]));
  return json({ ...documentRow(call.world.behaviour, call.world.store.read(slot)), ...children });
}
