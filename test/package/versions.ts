/** The versions in the package matrix, pinned so that a run can be repeated. To raise one, change it and run again. */
export const versions = {
  node: { lowest: "20.18.1", node20: "20.20.2", node22: "22.23.3", node24: "24.21.0" },
  pulumi: {
    oldest: "3.139.0",
    node20: "3.264.0",
    newest: "3.270.0",
  },
  typescript: { ts5: "5.9.3", ts6: "6.0.3", ts7: "7.0.2" },
  tools: { npm: "11.19.1", pnpm: "12.21.0", yarn: "1.22.22", "@yarnpkg/cli-dist": "4.18.1", bun: "1.4.5" },
  /** For TypeScript programs that are ES modules. The ts-node in the SDK supports only CommonJS. */
  tsNode: "10.9.2",
  nodeTypes: "20.19.43",
} as const;
