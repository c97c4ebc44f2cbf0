/** The sources in a bundle: esbuild names each in a comment before its code. */
export function sourcesIn(code: string): readonly string[] {
  return [...code.matchAll(/^ *\/\/ ((?:provider|emulator|node_modules)\/\S+)$/gm)].map(([, path = ""]) => path);
}
