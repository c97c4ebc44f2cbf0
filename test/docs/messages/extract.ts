import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { repository } from "../support/blocks";

/** A text of the source that a person can read: the folder or file below provider/, and its lines with the hints. */
export interface Message {
  readonly section: string;
  readonly lines: readonly string[];
}

/** Its texts are code. The message in it is written on the page by hand. */
const frozenCode = "dynamic/provider-text.ts";

/** The messages of the package, in the order of files and lines, each once per folder. */
export function messagesOfPackage(): readonly Message[] {
  const files = readdirSync(join(repository, "provider"), { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => file.endsWith(".ts") && file !== frozenCode)
    .sort();
  const messages = files.flatMap((file) => {
    const section = file.split("/")[0] ?? file;
    const text = readFileSync(join(repository, "provider", file), "utf8");
    return messagesIn(text).map((lines) => ({ section, lines }));
  });
  return [...new Map(messages.map((message) => [JSON.stringify(message), message])).values()];
}

/** The messages of a source text: every string of three words or more, hints with their error. A value is "…". */
export function messagesIn(source: string): readonly (readonly string[])[] {
  const messages: string[][] = [];
  const visit = (node: ts.Node): void => {
    if (isInternal(node)) return;
    if (ts.isNewExpression(node)) {
      const before = messages.length;
      ts.forEachChild(node, visit);
      mergeHints(node, messages, before);
      return;
    }
    const text = textOf(node);
    if (text === undefined) {
      ts.forEachChild(node, visit);
      return;
    }
    if (isMessage(text)) messages.push(text.split("\n"));
    // A template may contain others, each with a part of the text.
    if (ts.isTemplateExpression(node)) for (const span of node.templateSpans) visit(span.expression);
  };
  visit(ts.createSourceFile("source.ts", source, ts.ScriptTarget.ES2022, true));
  return messages;
}

/** The literal elements of a list among an error's arguments are its hints. */
function mergeHints(node: ts.NewExpression, messages: string[][], before: number): void {
  const hints = (node.arguments ?? [])
    .flatMap((argument) =>
      ts.isArrayLiteralExpression(argument) ? argument.elements.flatMap((element) => textOf(element) ?? []) : [],
    )
    .filter((hint) => /[a-z]/.test(hint));
  const [first, ...others] = messages.splice(before);
  if (first === undefined) return;
  messages.push([...first, ...hints], ...others.filter((lines) => !hints.includes(lines.join("\n"))));
}

function isInternal(node: ts.Node): boolean {
  if (ts.isTypeNode(node) || ts.isImportDeclaration(node)) return true;
  return ts.isNewExpression(node) && ["Error", "TypeError", "RangeError"].includes(node.expression.getText());
}

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  const text = [node.head.text, ...node.templateSpans.map((span) => `…${span.literal.text}`)].join("");
  return text.replace(/…{2,}/g, "…");
}

/** A part of a message begins with a space or with punctuation, and has no row of its own. */
function isMessage(text: string): boolean {
  const words = text.match(/(?<![\w.:/=-])[A-Za-z][a-z']*(?![\w/=-])/g) ?? [];
  return words.length >= 3 && !/^[\s;,.:)]/.test(text) && !/^…[;,.]/.test(text);
}
