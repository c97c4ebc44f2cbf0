import { join } from "node:path";
import ts from "typescript";
import { type Block, blocksOf, pages } from "./support/blocks";
import { programOf } from "./support/programs";

const languages = ["ts", "js", "typescript", "javascript"];

/** As in the template of a new Pulumi project. */
const options: ts.CompilerOptions = {
  strict: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  types: ["node"],
  skipLibCheck: true,
  noEmit: true,
};

describe("a program on a page", () => {
  const blocks = pages.flatMap(blocksOf).filter(({ language }) => languages.includes(language));
  const files = new Map(blocks.map((block) => [fileOf(block), programOf(block)]));
  let problems = new Map<string, readonly string[]>();

  beforeAll(() => {
    problems = check(files);
  });

  test.each(blocks.map((block) => [`${block.page}:${block.line}`, block] as const))(
    "%s has no type errors",
    (_, block) => {
      expect(problems.get(fileOf(block))).toEqual([]);
    },
  );
});

/** The package finds itself by its name from any file below it, with the types that it publishes. */
function fileOf({ line, page }: Block): string {
  return join(__dirname, `${page.replace(/\W/g, "-")}-${line}.ts`);
}

function check(files: ReadonlyMap<string, string>): Map<string, readonly string[]> {
  const host = ts.createCompilerHost(options);
  const real = { ...host };
  host.fileExists = (name) => files.has(name) || real.fileExists(name);
  host.readFile = (name) => files.get(name) ?? real.readFile(name);
  host.getSourceFile = (name, target, ...rest) => {
    const text = files.get(name);
    if (text === undefined) return real.getSourceFile(name, target, ...rest);
    return ts.createSourceFile(name, text, target);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return new Map(
    [...files.keys()].map((name) => {
      const source = program.getSourceFile(name);
      const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
      return [name, found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))];
    }),
  );
}
