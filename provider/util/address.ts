import { isLoopback } from "./loopback";

/** Whether two URLs have the same scheme, host and port. "localhost", 127.0.0.1 and [::1] are one host. */
export function sameOrigin(a: string, b: string): boolean {
  return originOf(a) === originOf(b);
}

/** The same, but all names of this machine are one host: for checks that refuse more if two addresses are the same. */
export function maybeSameOrigin(a: string, b: string): boolean {
  return sameOrigin(a, b) || (isThisMachine(a) && isThisMachine(b) && portOf(a) === portOf(b));
}

function originOf(url: string): string {
  if (!URL.canParse(url)) return url;
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/\.$/, "");
  return `${protocol}//${sameHosts.has(host) ? "localhost" : host}:${port}`;
}

const sameHosts: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** The unspecified addresses and mapped IPv4 addresses lead to this machine too. */
function isThisMachine(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const host = new URL(url).hostname.replace(/\.$/, "");
  return isLoopback(host) || ["0.0.0.0", "[::]"].includes(host) || /^\[::ffff:(7f[0-9a-f]{2}:|0:0\])/.test(host);
}

function portOf(url: string): string {
  return new URL(url).port;
}
