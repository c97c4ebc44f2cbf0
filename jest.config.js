/** @type {import("jest").Config} */
module.exports = {
  globalSetup: "<rootDir>/test/engine/global-setup.ts",
  testEnvironment: "<rootDir>/test/wire/environment.ts",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  setupFilesAfterEnv: ["<rootDir>/test/wire/setup.ts"],
  // The bound of a whole scenario; a loaded machine takes long to start processes.
  testTimeout: 180_000,
  maxWorkers: 2,
};
