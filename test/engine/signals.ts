/**
 * Whether one process can interrupt another one here. Windows knows no signals: to Node `kill` is the end of a process
 * there, whatever the signal, so that tests which interrupt one count as skipped.
 */
export const hasSignals = process.platform !== "win32";
