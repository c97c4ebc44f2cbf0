import { appendFileSync, closeSync, constants, fstatSync, openSync, readFileSync, unlinkSync } from "node:fs";

/**
 * A file to which several processes of one user append lines. It only grows. A file that is gone, replaced or shortened
 * has lost lines, so reading it is an error, and it is never taken for an empty one.
 */
export class SharedLines {
  /** What this process read last; undefined before it saw a file. */
  #seen: string | undefined;
  /** Lines that this process appended since then. */
  #appended: string[] = [];

  constructor(readonly path: string) {}

  /** Appends one line in one write. A line break before it separates it from a line that another process left torn. */
  append(line: string): void {
    const { O_APPEND, O_CREAT, O_WRONLY } = constants;
    this.#use(O_APPEND | O_WRONLY | (this.#seen === undefined ? O_CREAT : 0), (file) => {
      appendFileSync(file, `\n${line}\n`);
    });
    this.#seen ??= "";
    this.#appended.push(line);
  }

  /** The lines of the file; none if this process never saw a file. @throws if the file has lost lines */
  read(): readonly string[] {
    const text = this.#text();
    if (text === undefined) return [];
    const lines = text.split("\n").filter((line) => line !== "");
    const known = new Set(lines);
    if (!text.startsWith(this.#seen ?? "") || !this.#appended.every((line) => known.has(line))) {
      throw new Error(`${this.path} was replaced or shortened`);
    }
    this.#seen = text;
    this.#appended = [];
    return lines;
  }

  remove(): void {
    unlinkSync(this.path);
  }

  #text(): string | undefined {
    try {
      return this.#use(constants.O_RDONLY, (file) => readFileSync(file, "utf8"));
    } catch (error) {
      if (this.#seen === undefined && isMissing(error)) return undefined;
      throw error;
    }
  }

  /** The temp folder is shared: another user may have put a link or a file of their own at this path. */
  #use<T>(flags: number, use: (file: number) => T): T {
    const file = openSync(this.path, flags | constants.O_NOFOLLOW, 0o600);
    try {
      const isOpenToOthers = process.getuid !== undefined && (fstatSync(file).mode & 0o077) !== 0;
      if (isOpenToOthers) throw new Error(`other users may read or write ${this.path}`);
      return use(file);
    } finally {
      closeSync(file);
    }
  }
}

function isMissing(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === "ENOENT";
}
