import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { isMarked, isSecret, mapValue, secret, secretMark, toValue, type Value } from "./values";

/** Keeps secrets out of the text of state files. The key is no secret: only tests and the demo have such files. */
const key = createHash("sha256").update("embedded").digest();

/** Replaces each secret in a value with { signature, ciphertext }. */
export function seal(value: Value): Value {
  return mapValue(value, (part) => {
    if (!isSecret(part)) return undefined;
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    const sealed = Buffer.concat([
      nonce,
      cipher.update(JSON.stringify(part.value)),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    return { ...secretMark, ciphertext: sealed.toString("base64") };
  });
}

export function unseal(value: Value): Value {
  return mapValue(value, (part) => {
    if (!isMarked(part) || typeof part["ciphertext"] !== "string") return undefined;
    const sealed = Buffer.from(part["ciphertext"], "base64");
    const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, 12)).setAuthTag(sealed.subarray(-16));
    const text = Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString();
    return secret(toValue(JSON.parse(text)));
  });
}
