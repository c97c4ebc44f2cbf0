import * as emulator from "../../emulator/index";

describe("the emulator's public surface", () => {
  test("is exactly this", () => {
    expect(Object.keys(emulator).sort()).toEqual([
      "API_ENDS",
      "DEFAULT_API_KEY",
      "ROUTE_NAMES",
      "createEmulator",
      "createManualClock",
      "parseSeed",
      "systemClock",
    ]);
  });
});
