import * as pulumi from "@pulumi/pulumi";
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
    __known: pulumi.unsecret(pulumi.output([args, urn]).apply(() => true)),
    __secret: pulumi.isSecret(pulumi.output(tags)).then((isSecret) => (isSecret ? true : undefined)),
  };
}
