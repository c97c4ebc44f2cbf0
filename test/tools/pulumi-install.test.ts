import { chmodSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { install } from "../../tools/pulumi/build";
import { releases } from "../../tools/pulumi/cache";
import { proxyFailure } from "../../tools/pulumi/go";

/** Stands for Go: what it says to each of its commands comes from variables, and its CLI knows its version alone. */
const fakeGo = `#!/bin/sh
case "$1 $2" in
  "env GOVERSION") echo "\${GO_SAYS:-go1.26.8}" ;;
  "env GOPROXY") echo https://proxy.example,direct ;;
  list*)
    if [ -n "$HANGS" ]; then exec sleep 60; fi
    case "$PWD" in *$REFUSED) [ -z "$LIST_SAYS" ] || { echo "$LIST_SAYS" >&2; exit 1; } ;; esac ;;
  build*)
    if [ -n "$BUILD_SAYS" ]; then echo "$BUILD_SAYS" >&2; exit 1; fi
    printf '#!/bin/sh\\necho %s\\n' "$(basename "$PWD")" > "$6"
    chmod +x "$6" ;;
esac
`;

const refused = "go: a@v1: reading https://proxy.example/a/@v/v1.zip: 403 Forbidden";
let root = "";
beforeEach(() => {
  root = mkdtempSync(join(realpathSync(tmpdir()), "pulumi-install-"));
  mkdirSync(join(root, "bin"));
  writeFileSync(join(root, "bin", "go"), fakeGo);
  chmodSync(join(root, "bin", "go"), 0o755);
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const cache = (): string => join(root, "cache");
const [newest, older] = releases("").map(({ version }) => version);

async function installed(
  env: Readonly<Record<string, string>> = {},
  options: { readonly signal?: AbortSignal; readonly silenceMs?: number } = {},
): Promise<string> {
  const lines: string[] = [];
  const PATH = [join(root, "bin"), dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter);
  await install({
    env: { PATH, PULUMI_SUPERMEMORY_CACHE: cache(), ...env },
    signal: new AbortController().signal,
    say: (line) => lines.push(line),
    ...options,
  });
  return lines.join("\n");
}

const onUnix = process.platform === "win32" ? describe.skip : describe;

onUnix("pulumi:install", () => {
  test("builds the newest version with its plugins once, and finds it the second time", async () => {
    expect(await installed()).toMatch(/^building pulumi v[^]*compiled it[^]*pulumi v\S+ is in /);
    const [folder = ""] = readdirSync(cache());
    expect(folder).toMatch(new RegExp(`^${newest}-[0-9a-f]{8}$`));
    expect(readdirSync(join(cache(), folder)).sort()).toEqual([
      "pulumi",
      "pulumi-language-nodejs",
      "pulumi-resource-pulumi-nodejs",
    ]);
    expect(await installed({ GO_SAYS: "go1.0" })).toMatch(/^pulumi v\S+ is already in /);
  });

  test("builds an older version when the module proxy refuses the newest", async () => {
    const said = await installed({ LIST_SAYS: refused, REFUSED: newest ?? "" });
    expect(said).toContain(`does not serve pulumi ${newest}`);
    expect(readdirSync(cache())).toEqual([expect.stringContaining(older ?? "no older version")]);
  });

  test.each([
    ["Go is too old", { GO_SAYS: "go1.22.1" }, /^Go 1\.22\.1 is too old .*\ninstall Go 1\.26\.6 or newer/, undefined],
    ["there is no Go", { PATH: "/nowhere" }, /^there is no Go on PATH.*\ninstall Go/, undefined],
    [
      "the module proxy refuses all",
      { LIST_SAYS: refused },
      /^the Go module proxy refused .*403 Forbidden\n/,
      "refused",
    ],
    [
      "the module proxy cannot be reached",
      { LIST_SAYS: 'a@v1: Get "https://proxy.example/a": dial tcp: lookup proxy.example: no such host' },
      /^the Go module proxy did not answer: .*no such host\n/,
      "silent",
    ],
    [
      "a module is not what go.sum says",
      { LIST_SAYS: "verifying a@v1: checksum mismatch" },
      /^could not fetch .*checksum mismatch\n/,
      undefined,
    ],
    ["the build fails", { BUILD_SAYS: "# a\na.go:1: no space left" }, /^go build .*no space left\n/, undefined],
  ])("fails with one sentence and leaves nothing when %s", async (_when, env, message, proxy) => {
    jest.spyOn(process.stderr, "write").mockReturnValue(true);
    const failure: unknown = await installed(env).catch((error: unknown) => error);
    jest.restoreAllMocks();
    expect(failure).toMatchObject({ message: expect.stringMatching(message) as unknown, proxy });
    expect(readdirSync(root).includes("cache") ? readdirSync(cache()) : []).toEqual([]);
  });

  test("gives up when the module proxy sends nothing", async () => {
    await expect(installed({ HANGS: "yes" }, { silenceMs: 200 })).rejects.toMatchObject({ proxy: "silent" });
    expect(readdirSync(cache())).toEqual([]);
  });

  test("names what to do when the cache cannot be written", async () => {
    writeFileSync(join(root, "file"), "");
    const failing = installed({ PULUMI_SUPERMEMORY_CACHE: join(root, "file", "cache") });
    await expect(failing).rejects.toThrow(/^cannot write to the cache .*\nset PULUMI_SUPERMEMORY_CACHE to another/);
  });

  test("leaves nothing when it is interrupted, and removes what a killed one left", async () => {
    const interruption = new AbortController();
    interruption.abort(new Error("interrupted"));
    await expect(installed({ HANGS: "yes" }, { signal: interruption.signal })).rejects.toThrow("interrupted");
    // No process has this id: it is beyond the largest.
    mkdirSync(join(cache(), `.build-${(await import("node:os")).hostname()}-4194305-x`), { recursive: true });
    await installed();
    expect(readdirSync(cache())).toHaveLength(1);
  });

  test("two at once leave one complete CLI", async () => {
    await Promise.all([installed(), installed()]);
    expect(readdirSync(cache())).toHaveLength(1);
  });
});

// As Go 1.26.8 said on 2026-11-27, over a server that answered so; addresses shortened.
test.each([
  ["refused", "a@v1: reading http://127.0.0.1:1/a/@v/v1.zip: 503 Service Unavailable"],
  ["silent", 'a@v1: Get "http://127.0.0.1:1/a/@v/v1.zip": EOF'],
  ["silent", 'a@v1: read "http://127.0.0.1:1/a/@v/v1.zip": unexpected EOF'],
  ["silent", 'a@v1: Get "http://127.0.0.1:1/a/@v/v1.zip": dial tcp 127.0.0.1:1: connect: connection refused'],
  [undefined, "module lookup disabled by GOPROXY=off"],
])("a module proxy that is %s is known by Go's message %s", (kind, output) => {
  expect(proxyFailure(output)).toBe(kind);
});
