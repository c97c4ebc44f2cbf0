import fc from "fast-check";

/** A key like the vendor's, without parts that could occur by chance. */
export const key = fc.stringMatching(/^sm_[A-Za-z0-9]{40,60}$/).filter((text) => new Set(text).size > 20);

/** The parts of a secret in a text: 8 characters in a row, in upper or lower case, plain or encoded. */
export function tracesOf(secret: string, text: string): readonly string[] {
  const plain = text.toLowerCase();
  return formsOf(secret).flatMap((form) => {
    const lower = form.toLowerCase();
    return Array.from({ length: lower.length - 7 }, (_, at) => lower.slice(at, at + 8)).filter((part) =>
      plain.includes(part),
    );
  });
}

/** Base64 depends on where the secret begins. Its ends depend on the neighbours and are left out. */
function formsOf(secret: string): readonly string[] {
  const shifted = ["", "-", "--"].map((before) => Buffer.from(before + secret));
  return [
    secret,
    encodeURIComponent(secret),
    ...shifted.flatMap((bytes) =>
      (["base64", "base64url"] as const).map((encoding) => bytes.toString(encoding).replace(/=+$/, "").slice(3, -1)),
    ),
  ];
}
