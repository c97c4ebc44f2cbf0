import { chooseCli, cliEngine, embeddedEngine, type Engine } from "../engine";

export interface ChosenEngine {
  readonly engine: Engine;
  /** "Pulumi CLI v3.260.0", or why it is not that. */
  readonly words: string;
}

/**
 * The Pulumi CLI on PATH, else the one that `npm run pulumi:install` built, else the embedded engine. With `--embedded`
 * the embedded engine in any case.
 *
 * @throws Error for an unknown argument, or when the CLI cannot be used
 */
export function chooseEngine(args: readonly string[]): ChosenEngine {
  const unknown = args.find((arg) => arg !== "--embedded");
  if (unknown !== undefined) throw new Error(`unknown argument ${unknown}\nuse --embedded, or none`);
  if (args.length > 0) return { engine: embeddedEngine, words: "embedded" };
  const cli = chooseCli();
  if (cli !== undefined) return { engine: cliEngine, words: `Pulumi CLI ${cli.version}, from ${cli.from}` };
  return { engine: embeddedEngine, words: "embedded (no Pulumi CLI; npm run pulumi:install builds one)" };
}
