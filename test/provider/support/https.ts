import { execFile } from "node:child_process";
import { createServer } from "node:https";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { listen } from "./ends";
import { emptyFolder } from "./host-process";

const run = promisify(execFile);

/**
 * A server with a certificate for `trusted.localhost` of an authority that nobody knows, and the Authorization header of
 * each request.
 */
export async function startHttps() {
  const keys: (string | undefined)[] = [];
  const server = createServer({ key: privateKey, cert: certificate }, (request, response) => {
    keys.push(request.headers.authorization);
    response.end("{}");
  });
  const port = await listen(server, () => {
    server.closeAllConnections();
  });
  return { port, keys };
}

/** A file that makes a process trust that authority (NODE_EXTRA_CA_CERTS). */
export function authorityFile(): string {
  const path = join(emptyFolder(), "authority.pem");
  writeFileSync(path, certificate);
  return path;
}

/** What one request with the key comes to in a process of its own with these variables: its status, or the error. */
export async function askInProcess(url: string, env: Readonly<Record<string, string>>): Promise<string> {
  const program = `
    const { createTransport } = require(${JSON.stringify(resolve(__dirname, "../../../provider/client/transport.ts"))});
    const { signal } = new AbortController();
    const request = { method: "POST", url: ${JSON.stringify(url)}, headers: { authorization: "Bearer key" }, body: "{}", signal, timeoutMs: 20_000 };
    const transport = createTransport(1);
    transport.send(request).then(({ status }) => String(status), ({ message }) => message).then(async (said) => {
      await transport.close();
      process.stdout.write(said);
    });`;
  const { stdout } = await run(process.execPath, ["--import", "tsx", "-e", program], { env, timeout: 60_000 });
  return stdout;
}

/**
 * Made for these tests on 2026-11-24, and good for nothing else, with
 * openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500
 *   -subj "/CN=pulumi-supermemory test" -addext "subjectAltName=DNS:trusted.localhost"
 */
const certificate = `-----BEGIN CERTIFICATE-----
MIIBuTCCAV+gAwIBAgIUZrc4YyMhNbyiYajnWCGjVX4IvBAwCgYIKoZIzj0EAwIw
IjEgMB4GA1UEAwwXcHVsdW1pLXN1cGVybWVtb3J5IHRlc3QwIBcNMjYxMTI0MjMy
OTI1WhgPMjEyNjEwMzEyMzI5MjVaMCIxIDAeBgNVBAMMF3B1bHVtaS1zdXBlcm1l
bW9yeSB0ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAErfOQbQmdbYRim0QE
Uw+MCPhX+VXG9OR1cjz6/01cQ9zGsWA3sYcRgjdOVKHgKF5KSmPqid5vNdlJ/M2r
P0X2oKNxMG8wHQYDVR0OBBYEFF78N5wwUKJloVHD7jDeyU9Kig5lMB8GA1UdIwQY
MBaAFF78N5wwUKJloVHD7jDeyU9Kig5lMA8GA1UdEwEB/wQFMAMBAf8wHAYDVR0R
BBUwE4IRdHJ1c3RlZC5sb2NhbGhvc3QwCgYIKoZIzj0EAwIDSAAwRQIhAJ+DRD8Y
BwJ8an+yoMdaWUN0I45aHJIt6Ms1pEFkHRtCAiA1Ejcyc3cw0H2NunBwJcIbYKxE
kN6i4L9gfS0r/sfBEQ==
-----END CERTIFICATE-----
`;

const privateKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg/lyTRmCtylcFAT5/
oAYm6P+jmF1e/mYOJhLYQqYbkg2hRANCAASt85BtCZ1thGKbRARTD4wI+Ff5Vcb0
5HVyPPr/TVxD3MaxYDexhxGCN05UoeAoXkpKY+qJ3m812Un8zas/Rfag
-----END PRIVATE KEY-----
`;
