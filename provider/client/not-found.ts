import { ApiError } from "../errors";

/**
 * Whether a 404 says that a document, container or namespace is not there, in a JSON error that names one. A 404 that
 * names the route ("/v3/documents/bulk not found"), or a proxy's page, says nothing of documents.
 *
 * Undocumented by the vendor for bulk deletes and v5 lists, so tolerated.
 */
export function isNotFound(error: unknown): boolean {
  return (
    error instanceof ApiError &&
    error.failure.kind === "missing" &&
    error.apiMessage !== undefined &&
    /document|container|namespace/i.test(error.apiMessage.replace(/\S*\/\S*/g, ""))
  );
}

/** The answer, or undefined when it says that what was to go is not there. */
export async function unlessNotFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
