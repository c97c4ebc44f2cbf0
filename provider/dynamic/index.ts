/**
 * What the dynamic-provider process loads (`pulumi-supermemory/provider`), reached by the text in `providerText`.
 * Programs import `pulumi-supermemory` instead.
 */
import type { dynamic } from "@pulumi/pulumi";
import { CleanupPolicyHandler } from "../cleanup-policy/provider";
import { ContainerPurgeHandler } from "../container-purge/provider";
import { Host } from "../host/host";
import { DeletedUrn } from "./deleted-urn";
import { silence } from "./engine-errors";
import { dynamicMethods } from "./methods";

silence(console);

const host = Host.forProcess();
const deletedUrn = new DeletedUrn();
deletedUrn.watch();

export const containerPurge: dynamic.ResourceProvider = dynamicMethods(
  host,
  new ContainerPurgeHandler(host),
  deletedUrn,
);

export const cleanupPolicy: dynamic.ResourceProvider = dynamicMethods(host, new CleanupPolicyHandler(host), deletedUrn);
