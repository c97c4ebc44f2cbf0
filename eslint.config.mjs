import tseslint from "typescript-eslint";

/** Imports point one way: resources -> host -> purge -> client -> errors; the emulator imports nothing from provider/. */
const layer = (files, forbidden, message) => ({
  files,
  rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns: [{ regex: forbidden, message }] }] },
});

export default tseslint.config(
  { ignores: ["dist/**", "coverage/**", "node_modules/**", "*.config.{js,mjs}", "**/*.cjs"] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "no default exports" },
        { selector: "ExportAllDeclaration", message: "no export *" },
      ],
    },
  },
  layer(
    ["provider/client/**"],
    "/(purge|host)/|pulumi|\\.\\./(config|container-purge|ephemeral-|index|provider)",
    "client/ knows only errors",
  ),
  layer(
    ["provider/client/!(transport|undici).ts"],
    "^undici|/(purge|host)/|pulumi|\\.\\./(config|container-purge|ephemeral-|index|provider)",
    "only client/transport.ts and client/undici.ts import undici",
  ),
  layer(
    ["provider/purge/**"],
    "^undici|/host/|pulumi|\\.\\./(cleanup-policy|container-purge|ephemeral-|index|plan-cleanup|provider)",
    "purge/ knows only client, config and errors",
  ),
  layer(
    ["provider/host/**"],
    "^undici|\\.\\./(cleanup-policy|container-purge|ephemeral-|index|plan-cleanup|provider)",
    "host/ knows nothing of the resources",
  ),
  layer(["provider/*.ts"], "^undici|^(\\./|\\.\\./)?client/", "resources go through host/"),
  layer(
    ["provider/plan-cleanup.ts", "provider/purge/{glob,policy-globs,policy-limits,policy-plan,tag-rules,words}.ts"],
    "^undici|^zod|client/|/host/(?!duration)|pulumi",
    "every program loads this, so it stays light",
  ),
  layer(["provider/errors.ts"], "^\\.", "errors.ts imports nothing of ours"),
  {
    files: ["examples/**/*.test.ts"],
    rules: {
      "@typescript-eslint/no-floating-promises": [
        "error",
        { allowForKnownSafeCalls: [{ from: "package", name: ["test"], package: "node:test" }] },
      ],
    },
  },
  {
    files: ["examples/**/*.js"],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  {
    files: ["test/**"],
    ignores: ["test/wire/emulator.ts", "test/emulator/exports.test.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: ["**/emulator", "**/emulator/index", "**/emulator/emulator"],
              importNames: ["createEmulator"],
              message: "openEmulator in test/wire holds its traffic against the vendor's documents",
            },
          ],
        },
      ],
    },
  },
  layer(["emulator/**"], "provider", "the emulator imports nothing from provider/"),
  {
    files: ["provider/**/*.ts"],
    ignores: ["provider/purge/gate.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { group: ["**/api"], importNames: ["clear"], message: "only the gate clears a value for deletion" },
          ],
        },
      ],
    },
  },
);
