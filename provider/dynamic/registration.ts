import * as pulumi from "@pulumi/pulumi";
import { claimLineOf, claimsPath, SharedLines, unknownClaim } from "../host/claims-file";
import { providerText } from "./provider-text";

/** What a resource's constructor knows when it registers. */
export interface Registration {
  readonly methods: "containerPurge" | "cleanupPolicy";
  readonly type: string;
  readonly name: string;
  readonly args: object;
  /** The arguments that name tags. */
  readonly tags: unknown;
  readonly options: pulumi.CustomResourceOptions | undefined;
}

/** True, once every argument is known. */
function whole(args: object, urn: pulumi.Output<string>): pulumi.Output<boolean> {
  let isKnown = false;
  const known = pulumi.output([args, urn]).apply(() => (isKnown = true));
  if (!pulumi.runtime.isDryRun()) {
    // It is decided whether a value is secret when it is decided whether it is known.
    void pulumi.isSecret(known).then(async () => {
      if (!isKnown) await claimUnknown(urn);
    });
  }
  return pulumi.unsecret(known);
}

/**
 * An engine that knows of the failure does not call the provider for a resource that depends on it, so the program itself
 * claims the unknown tags. It lives until the last delete of the command.
 */
async function claimUnknown(urn: pulumi.Output<string>): Promise<void> {
  const path = claimsPath(engineAddress());
  let name: string | undefined;
  await pulumi.isSecret(urn.apply((known) => (name = known)));
  if (path !== undefined) new SharedLines(path).append(claimLineOf(unknownClaim(name)));
}

/** The engine's address, as its provider processes get it. */
function engineAddress(): string | undefined {
  const engine = pulumi.runtime.getEngine();
  return isClient(engine)
    ? engine
        .getChannel()
        .getTarget()
        .replace(/^dns:\/*/, "")
    : undefined;
}

function isClient(engine: unknown): engine is { getChannel(): { getTarget(): string } } {
  return typeof engine === "object" && engine !== null && "getChannel" in engine;
}

/**
 * The hidden inputs of a resource; `hidden.ts` reads them.
 *
 * An update drops every value that is not known, also from within a list. `__known` depends on all arguments, so it only
 * arrives when they arrived whole. `__secret` marks resources of which a tag is secret.
 *
 * @throws RunError for the resource option `import`
 */
export function hiddenInputs({ args, methods, name, options, tags, type }: Registration) {
  if (options?.import !== undefined) {
    const kind = type.split(":").at(-1) ?? type;
    throw new pulumi.RunError(
      `${kind} ${name} cannot be imported, because it exists only in a stack's state: remove the option import`,
    );
  }
  const urn = pulumi.createUrn(name, type, options?.parent);
  return {
    __provider: providerText(methods),
    __urn: urn,
    __preview: pulumi.runtime.isDryRun() ? true : undefined,
    __known: whole(args, urn),
    __secret: pulumi.isSecret(pulumi.output(tags)).then((isSecret) => (isSecret ? true : undefined)),
  };
}

/** The server of dynamic providers passes no timeouts on, so only the program knows that the option was set. */
export function warnOfTimeouts(resource: pulumi.Resource, name: string, options: pulumi.ResourceOptions = {}): void {
  if (options.customTimeouts === undefined) return;
  const message = `customTimeouts has no effect on ${name}\nset the argument timeout instead, such as timeout: "30m"`;
  void pulumi.log.warn(message, resource);
}
