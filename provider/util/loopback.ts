/** Whether a host, as written in a URL, is always this machine, without a name server. */
export function isLoopback(host: string): boolean {
  return isLocalName(host) || host === "[::1]" || /^127(\.\d+){3}$/.test(host);
}

/** Names of this machine (RFC 6761, 6.3). */
export function isLocalName(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost");
}
