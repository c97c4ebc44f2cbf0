import { reading, type Route, writing } from "../api/call";
import { getSession } from "./access";
import { addDocument, batchAddDocuments, updateDocument, uploadFile } from "./add";
import { getContainerTag, getMerge, listContainerTags, mergeContainerTags, updateContainerTag } from "./container-tags";
import { deleteContainerTag, deleteDocument, deleteDocumentsBulk } from "./delete";
import { getDocument, listDocuments, listForCommandLine, listMemories, listProcessing } from "./read";

/** The routes of API v3. The first match handles a request, so fixed paths come before those with a parameter. */
export const V3_ROUTES: readonly Route[] = [
  writing("documents.add", "POST /v3/documents", addDocument),
  writing("documents.batchAdd", "POST /v3/documents/batch", batchAddDocuments),
  writing("documents.uploadFile", "POST /v3/documents/file", uploadFile),
  reading("documents.list", "POST /v3/documents/list", listDocuments),
  reading("documents.list", "POST /v3/documents/documents", listForCommandLine),
  reading("documents.listProcessing", "GET /v3/documents/processing", listProcessing),
  writing("documents.deleteBulk", "DELETE /v3/documents/bulk", deleteDocumentsBulk),
  reading("documents.get", "GET /v3/documents/{id}", getDocument),
  writing("documents.update", "PATCH /v3/documents/{id}", updateDocument),
  writing("documents.delete", "DELETE /v3/documents/{id}", deleteDocument),
  reading("memories.list", "POST /v4/memories/list", listMemories),
  reading("containerTags.list", "GET /v3/container-tags/list", listContainerTags),
  writing("containerTags.merge", "POST /v3/container-tags/merge", mergeContainerTags),
  reading("containerTags.getMerge", "GET /v3/container-tags/merge/{mergeId}", getMerge),
  reading("containerTags.get", "GET /v3/container-tags/{containerTag}", getContainerTag),
  writing("containerTags.update", "PATCH /v3/container-tags/{containerTag}", updateContainerTag),
  writing("containerTags.delete", "DELETE /v3/container-tags/{containerTag}", deleteContainerTag),
  reading("session.get", "GET /v3/session", getSession),
];
