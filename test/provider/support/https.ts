import { execFile } from "node:child_process";
import { createServer } from "node:https";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { listen } from "./ends";
import { emptyFolder } from "./host-process";

const run = promisify(execFile);

/**
 * A server with a certificate for `trusted.localhost`, of an authority that nobody knows, and the Authorization header of
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
 * Made for these tests on 2026-11-27, and good for nothing else, with
 * openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj "/CN=pulumi-supermemory test"
 *   -addext "subjectAltName=DNS:trusted.localhost,DNS:proxy.localhost,DNS:api.example"
 */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIB2TCCAX+gAwIBAgIUMe5hJxDHX3WwxC4GiTlJnNxmHe8wCgYIKoZIzj0EAwIw
IjEgMB4GA1UEAwwXcHVsdW1pLXN1cGVybWVtb3J5IHRlc3QwIBcNMjYxMTI3MjAx
OTAxWhgPMjEyNjExMDMyMDE5MDFaMCIxIDAeBgNVBAMMF3B1bHVtaS1zdXBlcm1l
bW9yeSB0ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEdJQRS0YG7teUZR/V
8VpCAwF5tIqyJmkh8evA//WjQMxKdt0I4O9hjheydJWKDSSwkErnNLym2jEDIbCg
gSHfUKOBkDCBjTAdBgNVHQ4EFgQUq5JxEwpwkfwtgZPojEeyExDSzgkwHwYDVR0j
BBgwFoAUq5JxEwpwkfwtgZPojEeyExDSzgkwDwYDVR0TAQH/BAUwAwEB/zA6BgNV
HREEMzAxghF0cnVzdGVkLmxvY2FsaG9zdIIPcHJveHkubG9jYWxob3N0ggthcGku
ZXhhbXBsZTAKBggqhkjOPQQDAgNIADBFAiBuX4JNlqEAcFwr31+bn3GHJYCX2Fmr
X5w2kb0IUoUx/QIhAODRfeoSCCWcX0SeSmasl5EegXP90oJRGG/PH5B7dK2H
-----END CERTIFICATE-----
`;

export const privateKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgMzFYmzgQfC4GZKzh
Jd8hi8r1AMNp5okiRdwk1kk9+CWhRANCAAR0lBFLRgbu15RlH9XxWkIDAXm0irIm
aSHx68D/9aNAzEp23Qjg72GOF7J0lYoNJLCQSuc0vKbaMQMhsKCBId9Q
-----END PRIVATE KEY-----
`;
