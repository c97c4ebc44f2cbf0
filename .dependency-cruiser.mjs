/**
 * The one direction of imports, type-only ones included: front doors -> resources -> host -> purge -> client -> config,
 * util, errors. `npm run lint` runs it.
 */
const resources = "^provider/(container-purge|cleanup-policy|ephemeral-container|explicit-provider)/";
const frontDoors = "^provider/(dynamic|plugin)/";
const foundation = "^provider/(config|util)/|^provider/errors\\.ts$";

/** Files of `from` may import nothing of this project but `allowed`. */
const layer = (name, from, allowed) => ({
  name,
  severity: "error",
  from: { path: from },
  to: { path: "^(provider|emulator|test|bench|examples)/", pathNot: allowed },
});

export default {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    layer("util-knows-nothing", "^provider/util/", "^provider/util/"),
    layer("errors-know-only-util", "^provider/errors\\.ts$", "^provider/util/"),
    layer("config-knows-only-util", "^provider/config/", foundation),
    layer("client-knows-no-purge", "^provider/client/", `^provider/client/|${foundation}`),
    layer("purge-knows-no-pulumi", "^provider/purge/", `^provider/(purge|client)/|${foundation}`),
    layer("host-knows-no-resource", "^provider/host/", `^provider/(host|purge|client)/|${foundation}`),
    {
      name: "resources-do-not-know-each-other",
      severity: "error",
      from: { path: "^provider/(container-purge|cleanup-policy|explicit-provider)/" },
      // The type Selection is the same argument of two resources.
      to: { path: resources, pathNot: "^provider/$1/|^provider/container-purge/resource\\.ts$" },
    },
    {
      name: "only-front-doors-and-index-use-resources",
      severity: "error",
      from: { path: "^provider/", pathNot: `${resources}|${frontDoors}|^provider/index\\.ts$` },
      to: { path: `${resources}|${frontDoors}` },
    },
    {
      // A program loads these files when it starts.
      name: "programs-load-little",
      severity: "error",
      from: { path: `${resources}(resource|tag)\\.ts$` },
      to: {
        path: "^provider/|node_modules/",
        pathNot: `${resources}(resource|tag)\\.ts$|^provider/dynamic/(registration|plain-triggers|provider-text)\\.ts$|^provider/host/claims-file\\.ts$|${foundation}|node_modules/@pulumi/pulumi/`,
      },
    },
    {
      name: "only-the-transport-loads-undici",
      severity: "error",
      from: { path: "^provider/", pathNot: "^provider/client/(transport|exchange)\\.ts$" },
      to: { path: "node_modules/undici/" },
    },
    {
      name: "only-front-doors-know-pulumi",
      severity: "error",
      from: {
        path: "^provider/",
        pathNot: `${resources}resource\\.ts$|${frontDoors}|^provider/host/(engine-log|sdk)\\.ts$|^provider/config/spelling\\.ts$`,
      },
      to: { path: "node_modules/@pulumi/" },
    },
    layer("the-emulator-stands-alone", "^emulator/", "^emulator/"),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
