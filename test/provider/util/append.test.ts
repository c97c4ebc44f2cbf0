import { execFileSync } from "node:child_process";
import { chmodSync, closeSync, constants, openSync, readFileSync, readSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { appendLine, appendText } from "../../../provider/util/append";
import { emptyFolder } from "../support/host-process";

let path = "";

beforeEach(() => {
  path = join(emptyFolder(), "file");
});

test("the first line starts the file", () => {
  appendLine(path, "one");
  appendLine(path, "two");
  expect(text()).toBe("one\ntwo\n");
});

test("a line that was cut off is ended before the next line", () => {
  writeFileSync(path, 'one\n{"schema":1,"ti');
  appendLine(path, "two");
  expect(text()).toBe('one\n{"schema":1,"ti\ntwo\n');
});

const whereModes = process.platform === "win32" || process.getuid?.() === 0 ? test.skip : test;

whereModes("a line starts on its own in a file that cannot be read", () => {
  writeFileSync(path, "torn");
  chmodSync(path, 0o200);
  appendLine(path, "two");
  chmodSync(path, 0o600);
  expect(text()).toBe("torn\ntwo\n");
});

const wherePipes = process.platform === "win32" ? describe.skip : describe;

wherePipes("a named pipe", () => {
  beforeEach(() => {
    execFileSync("mkfifo", [path]);
  });

  test.each([appendLine, appendText])("that nothing reads is an error, and is not waited for", (append) => {
    expect(() => {
      append(path, "one");
    }).toThrow(`nothing reads from the pipe ${path}`);
  });

  test("that is read gets the line", () => {
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    appendLine(path, "one");
    const buffer = Buffer.alloc(10);
    expect(buffer.toString("utf8", 0, readSync(reader, buffer))).toBe("one\n");
    closeSync(reader);
  });

  test("that is full is an error, and is not waited for", () => {
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    expect(() => {
      appendText(path, "x".repeat(8 * 1024 * 1024));
    }).toThrow("EAGAIN");
    closeSync(reader);
  });
});

function text(): string {
  return readFileSync(path, "utf8");
}
