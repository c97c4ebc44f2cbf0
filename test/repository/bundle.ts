/** The sources that esbuild put into a file of `dist`: it names each in a comment before its code. */
export function sourcesIn(code: string): readonly string[] {
  return [...code.matchAll(/^ *\/\/ ((?:provider|emulator|node_modules)\/\S+)$/gm)].map(([, path = ""]) => path);
}
