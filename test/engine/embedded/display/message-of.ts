/** The message of whatever was thrown. Not by instanceof: under jest, Node's own errors come from another realm. */
export function messageOf(error: unknown): string {
  const isError = typeof error === "object" && error !== null && "message" in error;
  return isError && typeof error.message === "string" ? error.message : String(error);
}
