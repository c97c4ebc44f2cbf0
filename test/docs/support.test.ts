import { parseCommand } from "./support/commands";
import { diagramProblem } from "./support/diagram";
import { missingFiles } from "./support/files";
import { unknownCommand } from "./support/known-commands";
import { notIn } from "./support/text";

describe("the check of a page's block", () => {
  const shown = "Diagnostics:\n  a:\n    deleted 24 documents in pr-42 in 0.3 s\n    done\n\n  b:\n    nothing";

  test("ignores durations, column widths and other resources", () => {
    expect(
      notIn(shown, "Diagnostics:\n  b:\n    nothing\n\n  a:\n    deleted 24 documents in pr-42 in 8.1 s"),
    ).toBeUndefined();
  });

  test("finds a wrong number, and lines that do not follow each other", () => {
    expect(notIn(shown, "deleted 25 documents in pr-42 in 0.3 s")).toBe("deleted 25 documents in pr-42 in N s");
    expect(notIn(shown, "a:\ndone")).toBe("a:\ndone");
  });

  test("accepts only commands that exist", () => {
    const commands = ["npm run demo", "npm run nothing", "pulumi cancel", "pulumi cancle"];
    expect(commands.filter(unknownCommand)).toEqual(["npm run nothing", "pulumi cancle"]);
  });

  test("parses the variables, quotes and flags of a command", () => {
    expect(parseCommand("A=b=c pulumi up --target 'x y'")).toEqual({
      env: { A: "b=c" },
      words: ["pulumi", "up", "--target", "x y"],
    });
  });

  test("finds an undeclared name in a diagram, and a line that is neither a declaration nor an arrow", () => {
    const states = `stateDiagram-v2\nstate "done" as Done\n[*] --> Done: create`;
    expect(diagramProblem(states)).toBeUndefined();
    expect(diagramProblem(`${states}\nDone --> Gone: delete`)).toBe('"Gone" is not declared');
    expect(diagramProblem(`${states}\nDone -> [*]: delete`)).toContain("is neither a declaration nor an arrow");
    const sequence = "sequenceDiagram\nparticipant A as one\nA->>A: call";
    expect(diagramProblem(sequence)).toBeUndefined();
    expect(diagramProblem(sequence.replace("->>A", "->>B"))).toBe('"B" is not declared');
  });

  test("finds folders and files of a map that do not exist", () => {
    const map =
      "provider/\n  purge/     gate.ts, nothing.ts and\n             other.ts\n  here/      such\ntest/        docs";
    expect(missingFiles(map)).toEqual(["provider/purge/nothing.ts", "provider/purge/other.ts", "provider/here/"]);
  });
});
