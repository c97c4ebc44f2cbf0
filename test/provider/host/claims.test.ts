import { chmodSync, existsSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
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
    expect(readFileSync(path, "utf8")).toBe(`${JSON.stringify({ ...claim, pid: process.pid })}\n`);
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

  inSharedFolder("are neither written to a file that others may read, nor read from one that others may write", () => {
    writeFileSync(path, `${JSON.stringify({ ...claim, pid: process.pid })}\n`);
    for (const mode of [0o604, 0o620]) {
      chmodSync(path, mode);
      const claims = new Claims(path);
      expect(claims.claimedBy("pr-42", one)).toBeUndefined();
      expect(() => {
        claims.add(claim);
      }).toThrow(`cannot record which containers this program manages (other users may read or write ${path})`);
    }
    rmSync(path);
  });

  test("outlive lines that are torn or foreign", () => {
    writeFileSync(path, `{"urn":\n[]\n${JSON.stringify({ ...claim, pid: -1 })}\n`, { mode: 0o600 });
    const claims = new Claims(path);
    claims.add(claim);
    expect(claims.claimedBy("pr-42", one)).toBe("urn:a");
    claims.close();
  });
});
