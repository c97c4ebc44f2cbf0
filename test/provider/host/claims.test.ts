import { chmodSync, existsSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { type Claim, Claims, claimsPath } from "../../../provider/host/claims";
import { otherProcess, testAddress } from "../support/host-claims";

const claim = { urn: "urn:a", containerTags: ["pr-42"], baseUrl: "https://one", keyId: "11111111" };

describe("claims of one process", () => {
  test("protect a tag at their address, whatever the key", () => {
    const claims = new Claims(undefined);
    claims.add(claim);
    expect(claims.claimedBy("pr-42", "https://one")).toBe("urn:a");
    expect(claims.claimedBy("pr-42", "https://two")).toBeUndefined();
    expect(claims.claimedBy("pr-43", "https://one")).toBeUndefined();
  });

  test("conflict with another resource of the same address and key only", () => {
    const claims = new Claims(undefined);
    claims.add(claim);
    const other: Claim = { ...claim, urn: "urn:b" };
    expect(claims.conflict("pr-42", other)).toBe("urn:a");
    expect(claims.conflict("pr-42", claim)).toBeUndefined();
    expect(claims.conflict("pr-42", { ...other, keyId: "22222222" })).toBeUndefined();
    expect(claims.conflict("pr-42", { ...other, baseUrl: "https://two" })).toBeUndefined();
  });

  test("are replaced when the same resource is checked again", () => {
    const claims = new Claims(claimsPath(testAddress()));
    claims.add(claim);
    claims.add({ ...claim, containerTags: ["other"] });
    expect([claims.claimedBy("pr-42", "https://one"), claims.claimedBy("other", "https://one")]).toEqual([
      undefined,
      "urn:a",
    ]);
    claims.close();
  });
});

/** On Windows each user has a temp folder that is nobody else's, and files have no mode. */
const inSharedFolder = process.platform === "win32" ? test.skip : test;

describe("claims of all processes of a command", () => {
  test("count while their process lives, also one that may not be sent a signal", () => {
    const path = claimsPath(testAddress()) ?? "";
    new Claims(path).add(claim);
    const kill = jest.spyOn(process, "kill");
    for (const [code, owner] of [
      ["EPERM", "urn:a"],
      ["ESRCH", undefined],
    ] as const) {
      kill.mockImplementation(() => {
        throw Object.assign(new Error(code), { code });
      });
      expect(new Claims(path).claimedBy("pr-42", "https://one")).toBe(owner);
    }
    kill.mockRestore();
    rmSync(path);
  });

  test("are seen by each other, and end with their process", async () => {
    const address = testAddress();
    const mine = new Claims(claimsPath(address));
    const other = await otherProcess(address, claim);
    expect(mine.claimedBy("pr-42", "https://one")).toBe("urn:a");
    expect(mine.conflict("pr-42", { ...claim, urn: "urn:b" })).toBe("urn:a");
    await other.end();
    expect(mine.claimedBy("pr-42", "https://one")).toBeUndefined();
    mine.close();
    expect(existsSync(claimsPath(address) ?? "")).toBe(false);
  });

  test("are not shared with another engine", async () => {
    const other = await otherProcess(testAddress(), claim);
    expect(new Claims(claimsPath(testAddress())).claimedBy("pr-42", "https://one")).toBeUndefined();
    await other.end();
  });

  test("keep their file until the last process has ended", async () => {
    const address = testAddress();
    const path = claimsPath(address) ?? "";
    const other = await otherProcess(address, claim);
    const mine = new Claims(path);
    mine.add({ ...claim, urn: "urn:b", containerTags: ["b"] });
    mine.close();
    expect(existsSync(path)).toBe(true);
    await other.end();
    mine.close();
    expect(existsSync(path)).toBe(false);
  });

  inSharedFolder("are in a file that only its owner can read, and that holds no key", () => {
    const path = claimsPath(testAddress()) ?? "";
    const claims = new Claims(path);
    claims.add(claim);
    expect((statSync(path).mode & 0o777).toString(8)).toBe("600");
    expect(readFileSync(path, "utf8")).toBe(`${JSON.stringify({ ...claim, pid: process.pid })}\n`);
    claims.close();
    expect(existsSync(path)).toBe(false);
  });

  inSharedFolder("are not written through a link that somebody put there", () => {
    const path = claimsPath(testAddress()) ?? "";
    const target = `${path}.target`;
    writeFileSync(target, "");
    symlinkSync(target, path);
    expect(() => {
      new Claims(path).add(claim);
    }).toThrow(/^cannot record which containers this program manages .*ELOOP/);
    expect(readFileSync(target, "utf8")).toBe("");
    rmSync(path);
    rmSync(target);
  });

  inSharedFolder("are neither written to a file that others may read, nor read from one that others may write", () => {
    const path = claimsPath(testAddress()) ?? "";
    writeFileSync(path, `${JSON.stringify({ ...claim, pid: process.pid })}\n`);
    for (const mode of [0o604, 0o620]) {
      chmodSync(path, mode);
      const claims = new Claims(path);
      expect(claims.claimedBy("pr-42", "https://one")).toBeUndefined();
      expect(() => {
        claims.add(claim);
      }).toThrow(`cannot record which containers this program manages (other users may read or write ${path})`);
    }
    rmSync(path);
  });

  test("outlive lines that are torn or foreign", () => {
    const path = claimsPath(testAddress()) ?? "";
    writeFileSync(path, `{"urn":\n[]\n${JSON.stringify({ ...claim, pid: -1 })}\n`, { mode: 0o600 });
    const claims = new Claims(path);
    claims.add(claim);
    expect(claims.claimedBy("pr-42", "https://one")).toBe("urn:a");
    claims.close();
  });
});
