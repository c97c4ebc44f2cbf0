const mark = "[redacted]";

/**
 * Replaces every secret in a text, and whatever follows "Bearer". A secret is found in upper and lower case, with any
 * of its characters percent-encoded, in base64 and in hexadecimal. This is the only list of forms: everything that a message may quote
 * passes through here.
 */
export function redact(text: string, secrets: readonly string[]): string {
  const plain = text.replace(/\bBearer\s+\S+/gi, `Bearer ${mark}`);
  const pattern = patternOf(secrets);
  return pattern === undefined ? plain : plain.replace(pattern, mark);
}

/**
 * Finds texts that contain one of these keys, in any form. A short key, such as that of a self-hosted server, may be part of
 * a text by chance.
 */
export function keyFinder(keys: readonly string[]): (text: string) => boolean {
  const pattern = patternOf(keys.filter((key) => key.length >= minKeyLength));
  return (text) => pattern !== undefined && text.search(pattern) !== -1;
}

const minKeyLength = 16;

function patternOf(secrets: readonly string[]): RegExp | undefined {
  const forms = secrets.filter((secret) => secret !== "").flatMap(formsOf);
  if (forms.length === 0) return undefined;
  // The longest form first, in case one secret begins with another.
  const patterns = [...forms].sort((a, b) => b.length - a.length);
  return new RegExp(patterns.join("|"), "gi");
}

/** Regular expressions of one secret's forms. */
function formsOf(secret: string): readonly string[] {
  const characters = Array.from(secret, (character) => {
    const hex = Buffer.from(character).toString("hex").replace(/../g, "%$&");
    return `(?:${hex}|${escaped(character)})`;
  });
  if (secret.length < minEncodedLength) return [characters.join("")];
  return [characters.join(""), ...base64Forms(secret), Buffer.from(secret).toString("hex")];
}

/** The base64 of a shorter secret could be part of any word. */
const minEncodedLength = 8;

/** Where a secret begins in the encoded text decides its base64; characters that also depend on its neighbours are left out. */
function base64Forms(secret: string): readonly string[] {
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
    const whole = bytes.toString("base64").slice(before === 0 ? 0 : before + 1);
    const certain = bytes.length % 3 === 0 ? whole : whole.replace(/.=+$/, "");
    return Array.from(certain, (character) => urlSafe.get(character) ?? character).join("");
  });
}

/** The two characters that base64 for URLs writes differently. */
const urlSafe = new Map([
  ["+", "[+-]"],
  ["/", "[/_]"],
]);

function escaped(character: string): string {
  return character.replace(/[^\w]/u, "\\$&");
}
