import { createEmulator, type Emulator, type EmulatorOptions } from "../../emulator/index";

/** An emulator whose traffic is checked against the vendor's documents. setup.ts fails a test with a deviation. */
export function openEmulator(options: Omit<EmulatorOptions, "onExchange"> = {}): Promise<Emulator> {
  const { wireAuditor } = globalThis;
  if (wireAuditor === undefined) return createEmulator(options);
  return createEmulator({ ...options, onExchange: wireAuditor.hear.bind(wireAuditor) });
}
