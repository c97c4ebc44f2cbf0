/** The message of a thrown value. instanceof does not work here: under jest, Node's own errors are of another realm. */
export function messageOf(error: unknown): string {
  const isError = typeof error === "object" && error !== null && "message" in error;
  return isError && typeof error.message === "string" ? error.message : String(error);
}
