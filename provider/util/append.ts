import { closeSync, constants, fstatSync, openSync, readSync, writeFileSync } from "node:fs";
import { isObject } from "./values";

/** Appends a text to a file. It never waits: a pipe that nothing reads, or that is full, is an error. */
export function appendText(path: string, text: string): void {
  withFile(path, appending, (file) => {
    writeFileSync(file, text);
  });
}

/** The same for a line. An earlier line that was cut off, by a full disk for example, is ended first. */
export function appendLine(path: string, line: string): void {
  withFile(path, appending, (file) => {
    const { size } = fstatSync(file);
    const start = size > 0 && !endsWithNewline(path, size) ? "\n" : "";
    writeFileSync(file, `${start}${line}\n`);
  });
}

const appending = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;

/** False if the file cannot be read: an empty line does less harm than two lines in one. */
function endsWithNewline(path: string, size: number): boolean {
  const last = Buffer.alloc(1);
  try {
    withFile(path, constants.O_RDONLY | constants.O_NONBLOCK, (file) => readSync(file, last, 0, 1, size - 1));
    return last.toString() === "\n";
  } catch {
    return false;
  }
}

function withFile(path: string, flags: number, use: (file: number) => void): void {
  const file = open(path, flags);
  try {
    use(file);
  } finally {
    closeSync(file);
  }
}

function open(path: string, flags: number): number {
  try {
    return openSync(path, flags);
  } catch (error) {
    throw isObject(error) && error["code"] === "ENXIO" ? new Error(`nothing reads from the pipe ${path}`) : error;
  }
}
