/** Whether a host, as URLs write it, is this machine whatever a name server says. */
export function isLoopback(host: string): boolean {
  return isLocalName(host) || host === "[::1]" || /^127(\.\d+){3}$/.test(host);
}

/** Names that stand for this machine (RFC 6761, 6.3). */
export function isLocalName(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost");
}
