/** An answer that is larger than any of the API's; `what` says in which way. */
export class OversizedResponse extends Error {
  constructor(readonly what: string) {
    super(`more than ${what}`);
  }
}

/** No documented answer comes near this. */
const maxBytes = 32 * 1024 * 1024;
/** Nor near this; as empty lists, or one in the other, they take thirty times their bytes of memory. */
const maxBrackets = 1_000_000;

/** The text of an answer. @throws OversizedAnswer as soon as it is too large, whatever else is to come */
export async function readText(body: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  let [bytes, brackets, counted] = [0, 0, 0];
  for await (const chunk of body) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    chunks.push(chunk);
    if (bytes > maxBytes) throw new OversizedResponse("32 MiB");
    // Fewer bytes than that hold fewer brackets; so no page of documents is looked at byte by byte.
    if (bytes <= maxBrackets) continue;
    brackets += openingIn(chunks.slice(counted));
    counted = chunks.length;
    if (brackets > maxBrackets) throw new OversizedResponse("a million lists and objects");
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Opening brackets of JSON; those in its texts count, too. */
function openingIn(chunks: readonly Buffer[]): number {
  let count = 0;
  for (const chunk of chunks) {
    for (const byte of chunk) if (byte === 0x5b || byte === 0x7b) count += 1;
  }
  return count;
}
