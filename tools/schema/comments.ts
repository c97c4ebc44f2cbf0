import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** A documentation comment. */
export interface Comment {
  readonly description: string;
  readonly deprecationMessage?: string;
}

/** The comment of an interface, class or type, and those of its members, by name. */
export interface Documented extends Comment {
  readonly members: ReadonlyMap<string, Comment>;
}

/** The documentation comments of files below provider/, as descriptions for programs in any language. */
export class Comments {
  readonly #types: ReadonlyMap<string, Documented>;

  constructor(files: readonly string[]) {
    const folder = join(__dirname, "..", "..", "provider");
    this.#types = new Map(files.flatMap((file) => [...commentsOf(readFileSync(join(folder, file), "utf8"))]));
  }

  has(type: string): boolean {
    return this.#types.has(type);
  }

  /** @throws Error if the type is not documented */
  of(type: string): Comment {
    const { description, deprecationMessage } = this.#documented(type);
    return deprecationMessage === undefined ? { description } : { description, deprecationMessage };
  }

  /** @throws Error if the member is not documented */
  member(type: string, name: string): Comment {
    const comment = this.#documented(type).members.get(name);
    if (comment === undefined) throw new Error(`${type}.${name} has no documentation comment`);
    return comment;
  }

  #documented(type: string): Documented {
    const documented = this.#types.get(type);
    if (documented === undefined || documented.description === "") {
      throw new Error(`${type} has no documentation comment`);
    }
    return documented;
  }
}

export function commentsOf(source: string): ReadonlyMap<string, Documented> {
  const { statements } = ts.createSourceFile("source.ts", source, ts.ScriptTarget.ES2022, true);
  return new Map(
    statements.flatMap((statement) => {
      if (ts.isTypeAliasDeclaration(statement)) return [[statement.name.text, documented(statement, [])] as const];
      const isDocumented = ts.isInterfaceDeclaration(statement) || ts.isClassDeclaration(statement);
      if (!isDocumented || statement.name === undefined) return [];
      return [[statement.name.text, documented(statement, statement.members)] as const];
    }),
  );
}

function documented(node: ts.Node, members: Iterable<ts.Node & { readonly name?: ts.Node | undefined }>): Documented {
  const commented = [...members].map((member) => [member.name?.getText() ?? "", commentOf(member)] as const);
  return { ...commentOf(node), members: new Map(commented.filter(([, { description }]) => description !== "")) };
}

/** Without the paragraphs that only matter to readers of the source, or to programs in TypeScript. */
function commentOf(node: ts.Node): Comment {
  const comments = ts.getJSDocCommentsAndTags(node).filter((part) => ts.isJSDoc(part));
  const paragraphs = comments
    .flatMap(({ comment }) => textOf(comment).split(/\n{2,}/))
    .filter((text) => text !== "" && !/^(Source|In TypeScript)\b/.test(text));
  const tagged = (wanted: string): readonly string[] =>
    comments
      .flatMap(({ tags }) => (tags ?? []).filter(({ tagName }) => tagName.text === wanted))
      .map(({ comment }) => textOf(comment));
  const description = [...paragraphs, ...tagged("default").map(defaultOf)].join("\n\n");
  const [deprecationMessage] = tagged("deprecated");
  return deprecationMessage === undefined ? { description } : { description, deprecationMessage };
}

function defaultOf(text: string): string {
  return `Default: ${isLiteral(text) ? `\`${text}\`` : text}.`;
}

function isLiteral(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** With the names of links, and a line for each paragraph. */
function textOf(comment: ts.JSDoc["comment"]): string {
  return (ts.getTextOfJSDocComment(comment) ?? "")
    .replace(/\{@link ([^}]+)\}/g, "$1")
    .replace(/([^\n])\n(?!\n)/g, "$1 ")
    .trim();
}
