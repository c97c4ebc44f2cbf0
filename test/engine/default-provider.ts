/** Whether a URN belongs to a default provider instance, which no display shows. */
export function isDefaultProvider(urn: string): boolean {
  return urn.includes("::pulumi:providers:") && urn.endsWith("::default");
}
