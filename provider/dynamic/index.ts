/**
 * What the dynamic-provider process loads (`pulumi-supermemory/provider`), reached by the text in `providerText`.
 * Programs import `pulumi-supermemory` instead.
 */
import type { dynamic } from "@pulumi/pulumi";
import { cleanupPolicyMethods } from "./cleanup-policy";
import { containerPurgeMethods } from "./container-purge";
import { silence } from "./engine-errors";
import { Host } from "../host/host";

silence(console);

const host = Host.forProcess();

export const containerPurge: dynamic.ResourceProvider = containerPurgeMethods(host);

export const cleanupPolicy: dynamic.ResourceProvider = cleanupPolicyMethods(host);
