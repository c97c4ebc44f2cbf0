import fc from "fast-check";

/** A key like those of the vendor, of which no part comes up by chance. */
export const key = fc.stringMatching(/^sm_[A-Za-z0-9]{40,60}$/).filter((text) => new Set(text).size > 20);

/** What a text shows of a secret: 8 characters of it in a row, in any case, as they are or encoded. */
export function tracesOf(secret: string, text: string): readonly string[] {
  const plain = text.toLowerCase();
  return formsOf(secret).flatMap((form) => {
    const lower = form.toLowerCase();
    return Array.from({ length: lower.length - 7 }, (_, at) => lower.slice(at, at + 8)).filter((part) =>
      plain.includes(part),
    );
  });
}

/** In base64 eight characters are six of the secret, wherever it begins. */
function formsOf(secret: string): readonly string[] {
  const shifted = ["", "-", "--"].map((before) => Buffer.from(before + secret));
  return [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString("hex"),
    ...shifted.flatMap((bytes) =>
      (["base64", "base64url"] as const).map((encoding) => bytes.toString(encoding).replace(/=+$/, "").slice(3, -1)),
    ),
  ];
}
