/** What in the text of others moves a cursor, turns the direction of reading, or commands whoever reads the log. */
// GitHub Actions, Azure Pipelines and TeamCity obey ##[...] and ##name[...] anywhere in a line; Pulumi colours by <{%.
export const harmful = /[\p{C}\p{Zl}\p{Zp}]|##(?=\w*\[)|<\{%/gu;

/** Text that somebody else wrote, such as the API, as a message may hold it: one line of at most `most` characters. */
export function printable(text: string, most: number): string {
  return text
    .slice(0, 10 * most)
    .replace(/\s+/g, " ")
    .replace(harmful, "\ufffd")
    .slice(0, most);
}

/** So many characters of a key in a row are hidden, wherever they come from in it. */
const partLength = 8;

/**
 * Hides a key in the text of others: the whole of it and every part of 8 characters, in upper or lower case, also as
 * base64, hexadecimal or percent-encoded.
 *
 * @returns what hides it, for many texts
 */
export function keyHider(key: string): (text: string) => string {
  const length = Math.min(partLength, key.length);
  const parts = new Set(
    (key.length < partLength ? [key] : formsOf(key)).flatMap((form) => partsOf(lower(form), length)),
  );
  return (text) => {
    const plain = lower(text);
    let [shown, hiddenTo] = ["", 0];
    for (let at = 0; at < text.length; at += 1) {
      if (length > 0 && parts.has(plain.slice(at, at + length))) {
        if (at >= hiddenTo) shown += "[redacted]";
        hiddenTo = at + length;
      }
      if (at >= hiddenTo) shown += text.charAt(at);
    }
    return shown;
  };
}

/** In base64 a key has one of three forms, by where it begins in what was encoded; its ends depend on what is beside it. */
function formsOf(key: string): readonly string[] {
  const base64 = [0, 1, 2].map((before) =>
    Buffer.from("-".repeat(before) + key)
      .toString("base64")
      .slice(before === 0 ? 0 : before + 1)
      .replace(/.?=+$/, ""),
  );
  const hex = Buffer.from(key).toString("hex");
  return [key, encodeURIComponent(key), hex, hex.replace(/../g, "%$&"), ...base64, ...base64.map(forAddresses)];
}

function forAddresses(base64: string): string {
  return base64.replaceAll("+", "-").replaceAll("/", "_");
}

function partsOf(text: string, length: number): readonly string[] {
  return Array.from({ length: Math.max(0, text.length - length + 1) }, (_, at) => text.slice(at, at + length));
}

/** Of ASCII alone, so that no letter becomes two. */
function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
