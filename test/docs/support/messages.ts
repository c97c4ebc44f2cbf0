import { createManualClock, type Emulator, type EmulatorOptions, type Seed } from "../../../emulator";
import { type CommandResult, OneResourceStack } from "../../provider/support/host-stack";
import { testTime } from "../../provider/support/host-calls";
import { policyStack } from "../../provider/support/host-policy";
import { openEmulator } from "../../wire/emulator";
import { Teller } from "./story";

type Args = Readonly<Record<string, unknown>>;
type Options = ConstructorParameters<typeof OneResourceStack>[1];

/** One resource over an account with a bystander, for messages that need no engine. */
export interface Scene {
  readonly emulator: Emulator;
  readonly stack: OneResourceStack;
  readonly seed: (containers: NonNullable<Seed["containers"]>) => void;
}

/** Takes down messages: what a resource says, failures and errors included, under the name that a page has for it. */
export class Messages extends Teller {
  /** Opens a scene, lets it play, and takes down what its last command said. The bystander has to be unchanged. */
  async take(
    name: string,
    options: EmulatorOptions & { readonly host?: Options; readonly policy?: boolean },
    script: (scene: Scene) => Promise<CommandResult>,
  ): Promise<void> {
    const { host, policy = false, ...emulated } = options;
    const emulator = await openEmulator({ clock: createManualClock(testTime), ...emulated });
    const seed: Scene["seed"] = (containers) => {
      emulator.seed({ containers });
    };
    seed({ bystander: 3 });
    try {
      const stack = policy ? policyStack(emulator, host) : new OneResourceStack(emulator, host);
      const { error = "", failures, lines } = await script({ emulator, stack, seed });
      const said = [...failures.map(({ reason }) => reason), error, ...lines];
      this.outputs.set(name, said.join("\n"));
      expect(emulator.containers()["bystander"]).toBe(3);
    } finally {
      await emulator.close();
    }
  }

  /** What the destroy of a resource says: it finds these documents, and its outputs were `recorded` otherwise. */
  async takeDestroy(name: string, documents: number, given: DestroyOptions = {}): Promise<void> {
    const { before = () => undefined, env, recorded = {}, ...options } = given;
    await this.take(name, options, async (scene) => {
      const { stack } = scene;
      const { error } = await stack.up(purgesAtTheEnd);
      if (error !== undefined || stack.stored === undefined) throw new Error(error);
      scene.seed({ "pr-42": documents });
      stack.stored = { ...stack.stored, outputs: { ...stack.outputs, ...recorded } };
      before(scene);
      return await stack.destroy(env);
    });
  }
}

interface DestroyOptions extends EmulatorOptions {
  readonly before?: (scene: Scene) => void;
  readonly env?: Parameters<OneResourceStack["destroy"]>[0];
  readonly recorded?: Args;
}

export const elsewhere: Args = { baseUrl: "https://api.supermemory.ai" };

export const purgesAtTheEnd: Args = { containerTags: ["pr-42"], purgeOn: ["delete"] };
