import { ConfigError } from "../../../provider/errors";

/** The message of the ConfigError that `read` throws; it has to throw one. */
export function failure(read: () => unknown): string {
  const message = messageOrNone(read);
  expect(message).not.toBe("");
  return message;
}

export function messageOrNone(read: () => unknown): string {
  try {
    read();
    return "";
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return error instanceof ConfigError ? error.message : "";
  }
}
