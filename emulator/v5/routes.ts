import { type Call, reading, type Route, writing } from "../api/call";
import { type HttpResponse, problem } from "../http/response";
import { addDocument, batchAddDocuments } from "./add";
import { deleteDocuments, deleteNamespace } from "./delete";
import { requireNamespace } from "./namespace";
import { getNamespace, listNamespaces } from "./namespaces";
import { getDocument, listResources } from "./read";

/** The routes of API v5. The first match handles a request, so fixed paths come before those with a parameter. */
export const V5_ROUTES: readonly Route[] = [
  reading("v5.namespaces.list", "GET /namespaces", listNamespaces),
  reading("v5.namespaces.list", "GET /ns", listNamespaces),
  reading("v5.namespaces.get", "GET /ns/{namespace}", getNamespace),
  { ...writing("v5.namespaces.delete", "DELETE /ns/{namespace}", deleteNamespace), ignoresBody: true },
  writing("v5.documents.add", "POST /ns/{namespace}/document", addDocument),
  writing("v5.documents.delete", "DELETE /ns/{namespace}/document", deleteDocuments),
  writing("v5.documents.batchAdd", "POST /ns/{namespace}/document/batch", batchAddDocuments),
  reading("v5.documents.get", "GET /ns/{namespace}/document/{id}", getDocument),
  reading("v5.list", "POST /ns/{namespace}/list/{type}", listResources),
  writing("v5.memories.delete", "DELETE /ns/{namespace}/memories", forgetMemories),
  writing("v5.memories.delete", "DELETE /ns/{namespace}/memories/semantic", forgetMemories),
  reading("v5.connectors.list", "GET /connectors", noConnectors),
  reading("v5.connectors.list", "GET /ns/{namespace}/connectors", noConnectors),
  writing("v5.connectors.delete", "DELETE /ns/{namespace}/connectors/{id}", noConnectors),
];

function forgetMemories(call: Call): HttpResponse {
  requireNamespace(call);
  return problem(501, "Not emulated", "the emulator cannot forget single memories");
}

function noConnectors(call: Call): HttpResponse {
  if (call.params["namespace"] !== undefined) requireNamespace(call);
  return problem(501, "Not emulated", "the emulator has no connectors");
}
