import { isLoopback } from "./loopback";

/**
 * Whether two URLs may lead to the same server, by scheme, host and port. All names of this machine are one host. For
 * checks that refuse more if two addresses are the same.
 */
export function maybeSameOrigin(a: string, b: string): boolean {
  if (!URL.canParse(a) || !URL.canParse(b)) return a === b;
  const [one, other] = [new URL(a), new URL(b)];
  const isSameHost = hostOf(one) === hostOf(other) && one.protocol === other.protocol;
  return one.port === other.port && (isSameHost || (isThisMachine(one) && isThisMachine(other)));
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/\.$/, "");
}

/** Whether a URL leads to this machine. The unspecified addresses and mapped IPv4 addresses do so too. */
export function isThisMachine(url: URL): boolean {
  const host = hostOf(url);
  return isLoopback(host) || ["0.0.0.0", "[::]"].includes(host) || /^\[::ffff:(7f[0-9a-f]{2}:|0:0\])/.test(host);
}
