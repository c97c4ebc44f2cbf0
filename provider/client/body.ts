import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from "node:zlib";
import { OversizedResponse } from "./transport-errors";

/**
 * The largest response is the v3 list of containers, which has no pages: this is enough for 16,000 containers of 1 KiB,
 * description included. No JSON of this size takes more than 512 MiB when parsed, not even nested empty lists.
 */
const maxMiB = 16;
const maxBytes = maxMiB * 1024 * 1024;
/** Of encodings that were applied one after the other. More would only keep this process busy. */
const maxEncodings = 2;

/** The body of a response, of at most 16 MiB, also when it is decompressed. */
export class ResponseBody {
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  /** @throws OversizedResponse */
  add(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > maxBytes) throw oversized();
    this.#chunks.push(chunk);
  }

  /**
   * The text, without a byte order mark.
   *
   * @param encoding the header Content-Encoding
   * @throws OversizedResponse as soon as the decompressed body exceeds the limit
   */
  text(encoding: string | undefined): string {
    const bytes = decoded(Buffer.concat(this.#chunks), encoding);
    return bytes.toString("utf8").replace(/^\ufeff/, "");
  }
}

/**
 * Requests ask for no compression, but some proxies compress anyway, omit the header, or decompress and keep the header.
 * So the bytes decide where they can. What cannot be decompressed is returned as it is.
 */
function decoded(bytes: Buffer, encoding = ""): Buffer {
  // The last encoding was applied last.
  const names = encoding.toLowerCase().split(",").reverse().slice(0, maxEncodings);
  return names.reduce((body, name) => {
    const decoders = isGzip(body) ? [gunzipSync] : (decodersOf.get(name.trim()) ?? []);
    return decoders.reduce<Buffer | undefined>((done, decode) => done ?? decompressed(body, decode), undefined) ?? body;
  }, bytes);
}

type Decoder = typeof gunzipSync;

const decodersOf: ReadonlyMap<string, readonly Decoder[]> = new Map([
  ["br", [brotliDecompressSync]],
  // Some servers omit the header of zlib that RFC 9110, 8.4.1.2 asks for.
  ["deflate", [inflateSync, inflateRawSync]],
]);

/** @throws OversizedResponse */
function decompressed(bytes: Buffer, decode: Decoder): Buffer | undefined {
  try {
    return decode(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    if (isTooLarge(error)) throw oversized();
    return undefined;
  }
}

function isTooLarge(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}

/** The signature of gzip. No JSON begins with it. */
function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function oversized(): OversizedResponse {
  return new OversizedResponse(`more than ${maxMiB} MiB`);
}
