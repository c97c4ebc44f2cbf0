import { engineFor, type Run } from "../../engine";
import { v3 } from "../../e2e/support/apis";
import { openTestBed, type TestBed, type TestBedOptions } from "../../e2e/support/test-bed";
import { runPulumi } from "./commands";
import { javaScript, together } from "./programs";

export type Story = () => Promise<Teller>;

/** Takes down what happens in a story: commands as the page writes them, named outputs, and programs that ran. */
export class Teller {
  readonly commands: string[] = [];
  readonly outputs = new Map<string, string>();
  readonly programs = new Set<string>();

  constructor(private readonly page: string) {}

  programOf(names: readonly string[], change?: (text: string) => string): string {
    for (const name of names) this.programs.add(name);
    return together(names.map((name) => javaScript(this.page, name, change)));
  }

  /** The program of this name, whose exports are the stack's outputs. */
  program(name: string): string {
    this.programs.add(name);
    return javaScript(this.page, name);
  }
}

interface Stage {
  readonly teller: Teller;
  readonly world: TestBed;
  /** Runs a command as the page writes it, and takes down what it shows. */
  readonly pulumi: (command: string, options?: CommandOptions) => Promise<Run | undefined>;
}

/** `output` names it on the page; `env` is more than the page has; `with` is what stands for words in brackets. */
interface CommandOptions {
  readonly output?: string;
  readonly fails?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}

/** Plays a story over an emulated account, whose bystanders have to be unchanged at its end. */
export async function play(
  page: string,
  options: TestBedOptions,
  script: (stage: Stage) => Promise<void>,
): Promise<Teller> {
  const teller = new Teller(page);
  const world = await openTestBed(engineFor(), v3, options);
  const pulumi = async (command: string, given: CommandOptions = {}): Promise<Run | undefined> => {
    const filled = Object.entries(given.with ?? {}).reduce((line, [word, value]) => line.replace(word, value), command);
    const run = await runPulumi(filled, options.stack ?? "dev", world.stack, given.env);
    teller.commands.push(command);
    if (run === undefined) return run;
    if (run.ok === (given.fails === true)) throw new Error(`${command} went otherwise than told:\n${run.output}`);
    if (given.output !== undefined) teller.outputs.set(given.output, run.output);
    return run;
  };
  try {
    await script({ teller, world, pulumi });
  } finally {
    await world.close();
  }
  return teller;
}
