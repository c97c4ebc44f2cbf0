import { addDocument, batchAddDocuments, updateDocument } from "./add.js";
import type { Route } from "./call.js";
import { getContainerTag, listContainerTags, updateContainerTag } from "./container-tags.js";
import { deleteContainerTag, deleteDocument, deleteDocumentsBulk } from "./delete.js";
import { getDocument } from "./get-document.js";
import { listDocuments, listForCommandLine, listProcessing } from "./list.js";
import { getSession } from "./session.js";

const documents = "/v3/documents";
const tags = "/v3/container-tags";

/** The routes of the v3 API. The first that fits serves a request, so fixed paths stand before those with a parameter. */
export const V3_ROUTES: readonly Route[] = [
  { name: "documents.add", method: "POST", path: documents, mutating: true, handle: addDocument },
  { name: "documents.batchAdd", method: "POST", path: `${documents}/batch`, mutating: true, handle: batchAddDocuments },
  { name: "documents.list", method: "POST", path: `${documents}/list`, mutating: false, handle: listDocuments },
  {
    name: "documents.list",
    method: "POST",
    path: `${documents}/documents`,
    mutating: false,
    handle: listForCommandLine,
  },
  {
    name: "documents.listProcessing",
    method: "GET",
    path: `${documents}/processing`,
    mutating: false,
    handle: listProcessing,
  },
  {
    name: "documents.deleteBulk",
    method: "DELETE",
    path: `${documents}/bulk`,
    mutating: true,
    handle: deleteDocumentsBulk,
  },
  { name: "documents.get", method: "GET", path: `${documents}/{id}`, mutating: false, handle: getDocument },
  { name: "documents.update", method: "PATCH", path: `${documents}/{id}`, mutating: true, handle: updateDocument },
  { name: "documents.delete", method: "DELETE", path: `${documents}/{id}`, mutating: true, handle: deleteDocument },
  { name: "containerTags.list", method: "GET", path: `${tags}/list`, mutating: false, handle: listContainerTags },
  {
    name: "containerTags.get",
    method: "GET",
    path: `${tags}/{containerTag}`,
    mutating: false,
    handle: getContainerTag,
  },
  {
    name: "containerTags.update",
    method: "PATCH",
    path: `${tags}/{containerTag}`,
    mutating: true,
    handle: updateContainerTag,
  },
  {
    name: "containerTags.delete",
    method: "DELETE",
    path: `${tags}/{containerTag}`,
    mutating: true,
    handle: deleteContainerTag,
  },
  { name: "session.get", method: "GET", path: "/v3/session", mutating: false, handle: getSession },
];
