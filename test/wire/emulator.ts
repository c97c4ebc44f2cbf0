import { createEmulator, type Emulator, type EmulatorOptions } from "../../emulator/index";

/** An emulator whose whole traffic is held against the vendor's documents; see setup.ts for what comes of it. */
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
