/**
 * Whether a process can interrupt another. Windows has no signals: there, Node's `kill` ends a process whatever the
 * signal, so tests that interrupt a process are skipped.
 */
export const hasSignals = process.platform !== "win32";
