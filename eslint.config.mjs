import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: ["dist/**", "coverage/**", "node_modules/**", "*.config.{js,mjs}", ".dependency-cruiser.mjs", "**/*.cjs"],
  },
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
