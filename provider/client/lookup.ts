import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { isLocalName } from "../util/loopback";

/**
 * Finds a host's addresses. `localhost` and the names below it are this machine without asking: where a resolver passes
 * them on, a name server could lead requests that go unencrypted elsewhere.
 */
export const lookupHost: LookupFunction = (host, options, callback) => {
  if (!isLocalName(host)) {
    lookup(host, options, callback);
    return;
  }
  const [first, ...others] = options.family === 6 ? [...loopback].reverse() : loopback;
  if (options.all === true) callback(null, [first, ...others]);
  else callback(null, first.address, first.family);
};

const loopback = [
  { address: "127.0.0.1", family: 4 },
  { address: "::1", family: 6 },
] as const;
