import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from "node:crypto";
import { isArray, isObject, isSecret, mapProperties, toValue, type Value } from "./values";

/** Encrypts the secrets of a state file: AES-256-GCM with a key from a passphrase and a salt. */
export class Encryption {
  readonly salt: string;
  readonly #key: Buffer;

  constructor(passphrase: string, salt = randomBytes(16).toString("base64")) {
    this.salt = salt;
    this.#key = scryptSync(passphrase, Buffer.from(salt, "base64"), 32, { N: 1024 });
  }

  /** Replaces each secret in a value with { signature, ciphertext }. */
  seal(value: Value): Value {
    if (isSecret(value)) return { ...envelope, ciphertext: this.#encrypt(JSON.stringify(value.value)) };
    if (isArray(value)) return value.map((item) => this.seal(item));
    return isObject(value) ? mapProperties(value, (item) => this.seal(item)) : value;
  }

  /** Reverses `seal`. */
  open(value: Value): Value {
    if (isArray(value)) return value.map((item) => this.open(item));
    if (!isObject(value)) return value;
    const { ciphertext } = value;
    const sealed =
      typeof ciphertext === "string" && Object.entries(envelope).every(([key, sign]) => value[key] === sign);
    if (sealed) return { ...envelope, value: toValue(JSON.parse(this.#decrypt(ciphertext))) };
    return mapProperties(value, (item) => this.open(item));
  }

  #encrypt(text: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonce);
    const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return [nonce, sealed, cipher.getAuthTag()].map((part) => part.toString("base64")).join(":");
  }

  #decrypt(text: string): string {
    const [nonce, sealed, tag] = text.split(":").map((part) => Buffer.from(part, "base64"));
    if (nonce === undefined || sealed === undefined || tag === undefined)
      throw new Error("a damaged secret in the state");
    const decipher = createDecipheriv("aes-256-gcm", this.#key, nonce);
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(sealed), decipher.final()]).toString("utf8");
  }
}

const envelope = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
