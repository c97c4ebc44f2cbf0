import { createEmulator, type Emulator, type EmulatorOptions } from "../../emulator/index";

/** An emulator whose traffic is checked against the vendor's documents. setup.ts fails a test with a deviation. */
export function openEmulator(options: Omit<EmulatorOptions, "onExchange"> = {}): Promise<Emulator> {
  const { wireAuditor } = globalThis;
  return createEmulator(
    wireAuditor === undefined
      ? options
      : {
          ...options,
          onExchange: (exchange) => {
            wireAuditor.hear(exchange);
          },
        },
  );
}
