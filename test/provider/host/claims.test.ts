import {
  appendFileSync,
  chmodSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { type Claim, Claims, claimsPath } from "../../../provider/host/claims";
import { otherProcess, testAddress } from "../support/host-claims";

const [one, two] = ["https://one", "https://two"];
const claim = { urn: "urn:a", containerTags: ["pr-42"], baseUrl: one, keyId: "11111111" };
const other: Claim = { ...claim, urn: "urn:b" };
let [address, path] = ["", ""];

beforeEach(() => {
  address = testAddress();
  path = claimsPath(address) ?? "";
});

describe("claims of one process", () => {
  test("protect a tag at their address, whatever the key, and conflict with other resources of the same key", () => {
    const claims = new Claims(undefined);
    claims.add(claim);
    expect(claims.claimedBy("pr-42", one)).toBe("urn:a");
    expect(claims.claimedBy("pr-42", two)).toBeUndefined();
    expect(claims.claimedBy("pr-43", one)).toBeUndefined();
    expect(claims.conflict("pr-42", other)).toBe("urn:a");
    expect(claims.conflict("pr-42", claim)).toBeUndefined();
    expect(claims.conflict("pr-42", { ...other, keyId: "22222222" })).toBeUndefined();
    expect(claims.conflict("pr-42", { ...other, baseUrl: two })).toBeUndefined();
  });

  test("are replaced when the same resource is checked again", () => {
    const claims = new Claims(path);
    claims.add(claim);
    claims.add({ ...claim, containerTags: ["other"] });
    expect([claims.claimedBy("pr-42", one), claims.claimedBy("other", one)]).toEqual([undefined, "urn:a"]);
    claims.close();
  });
});

/** On Windows each user has a temp folder that is nobody else's, and files have no mode. */
const inSharedFolder = process.platform === "win32" ? test.skip : test;

describe("claims of all processes of a command", () => {
  test("count while their process lives, also one that may not be sent a signal", () => {
    new Claims(path).add(claim);
    const kill = jest.spyOn(process, "kill");
    for (const [code, owner] of [
      ["EPERM", "urn:a"],
      ["ESRCH", undefined],
    ] as const) {
      kill.mockImplementation(() => {
        throw Object.assign(new Error(code), { code });
      });
      expect(new Claims(path).claimedBy("pr-42", one)).toBe(owner);
    }
    kill.mockRestore();
    rmSync(path);
  });

  test("are seen by each other, not by those of another engine, and end with the file when the last one ends", async () => {
    const mine = new Claims(path);
    const process = await otherProcess(address, claim);
    expect(mine.claimedBy("pr-42", one)).toBe("urn:a");
    expect(mine.conflict("pr-42", other)).toBe("urn:a");
    expect(new Claims(claimsPath(testAddress())).claimedBy("pr-42", one)).toBeUndefined();
    mine.add({ ...other, containerTags: ["b"] });
    mine.close();
    expect(existsSync(path)).toBe(true);
    await process.end();
    expect(mine.claimedBy("pr-42", one)).toBeUndefined();
    mine.close();
    expect(existsSync(path)).toBe(false);
  });

  inSharedFolder("are in a file that only its owner can read, and that holds no key", () => {
    const claims = new Claims(path);
    claims.add(claim);
    expect((statSync(path).mode & 0o777).toString(8)).toBe("600");
    expect(readFileSync(path, "utf8")).toBe(lineOf(claim));
    claims.close();
    expect(existsSync(path)).toBe(false);
  });

  inSharedFolder("are not written through a link that somebody put there", () => {
    const target = `${path}.target`;
    writeFileSync(target, "");
    symlinkSync(target, path);
    expect(() => {
      new Claims(path).add(claim);
    }).toThrow(/^cannot record which containers this program manages .*ELOOP/);
    expect(readFileSync(target, "utf8")).toBe("");
    for (const file of [path, target]) rmSync(file);
  });

  inSharedFolder("are neither written to a file that others may write, nor read from it", () => {
    writeFileSync(path, lineOf(claim));
    for (const mode of [0o604, 0o620]) {
      chmodSync(path, mode);
      const claims = new Claims(path);
      const reason = `which containers this program manages (other users may read or write ${path})`;
      expect(() => claims.claimedBy("pr-42", one)).toThrow(`cannot read ${reason}`);
      expect(() => {
        claims.add(claim);
      }).toThrow(`cannot record ${reason}`);
    }
    rmSync(path);
  });

  test("count beside a torn line of a process that has ended", () => {
    writeFileSync(path, `{"pid":2147483647,"urn":"urn:c","conta`, { mode: 0o600 });
    new Claims(path).add(claim);
    const claims = new Claims(path);
    expect(claims.claimedBy("pr-42", one)).toBe("urn:a");
    claims.close();
  });
});

describe("claims that cannot be read are an error, and free no tag:", () => {
  afterEach(() => {
    rmSync(path, { force: true });
  });

  test("there is no file before the first claim", () => {
    expect(new Claims(path).claimedBy("pr-42", one)).toBeUndefined();
  });

  test.each<[string, () => void, string]>([
    [
      "the file is gone",
      () => {
        rmSync(path);
      },
      "ENOENT",
    ],
    [
      "the file is empty",
      () => {
        truncateSync(path);
      },
      "was replaced or shortened",
    ],
    [
      "the file is another one",
      () => {
        rmSync(path);
        writeFileSync(`${path}.new`, `${lineOf(other)}${lineOf(other)}`, { mode: 0o600 });
        renameSync(`${path}.new`, path);
      },
      "was replaced or shortened",
    ],
    [
      "a line is torn",
      () => {
        appendFileSync(path, lineOf(other).slice(0, 40));
      },
      "a line is torn",
    ],
    [
      "a line is not a claim",
      () => {
        appendFileSync(path, '{"urn":\n');
      },
      "a line is torn",
    ],
    [
      "it may not be read",
      () => {
        chmodSync(path, 0o644);
      },
      "other users may read",
    ],
  ])("%s", (_case, damage, reason) => {
    const [writer, reader] = [new Claims(path), new Claims(path)];
    writer.add({ ...claim, containerTags: ["pr-1"] });
    expect(reader.claimedBy("pr-42", one)).toBeUndefined();
    damage();
    for (const claims of [writer, reader]) {
      expect(() => claims.claimedBy("pr-42", one)).toThrow(/^cannot read which containers this program manages /);
      expect(() => claims.claimedBy("pr-42", one)).toThrow(reason);
      expect(() => claims.conflict("pr-42", other)).toThrow(reason);
    }
    if (["ENOENT", "other users may read"].includes(reason)) {
      expect(() => {
        writer.add(claim);
      }).toThrow(reason);
    }
  });

  test("a line that another process is still writing is read again", () => {
    const claims = new Claims(path);
    const line = lineOf(claim);
    writeFileSync(path, line.slice(0, 40), { mode: 0o600 });
    jest.spyOn(Atomics, "wait").mockImplementationOnce(() => {
      appendFileSync(path, line.slice(40));
      return "timed-out";
    });
    expect(claims.claimedBy("pr-42", one)).toBe("urn:a");
    jest.restoreAllMocks();
  });
});

test.each([
  ["http://localhost:4000", "http://127.0.0.1:4000", true],
  ["http://localhost:4000/a", "http://[::1]:4000/b", true],
  ["http://a.localhost:4000", "http://127.0.0.2:4000", true],
  ["http://0.0.0.0:4000", "http://localhost.:4000", true],
  ["http://[::ffff:127.0.0.1]:4000", "http://[::]:4000", true],
  ["https://api.example.com", "https://API.example.com.:443/v5", true],
  ["http://localhost:4000", "http://127.0.0.1:4001", false],
  ["http://localhost:4000", "http://10.0.0.1:4000", false],
  ["https://one", "http://one", false],
  ["nothing", "https://one", false],
])("claims at %s count at %s: %s", (claimed, asked, counts) => {
  const claims = new Claims(undefined);
  claims.add({ ...claim, baseUrl: claimed });
  expect(claims.claimedBy("pr-42", asked)).toBe(counts ? "urn:a" : undefined);
});

/** A claim of this process, as it stands in the file. */
function lineOf(one: Claim): string {
  return `\n${JSON.stringify({ pid: process.pid, ...one })}\n`;
}
