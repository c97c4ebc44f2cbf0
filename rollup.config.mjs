import { dts } from "rollup-plugin-dts";

/** The declarations of each entry in one file, as esbuild makes its code (`npm run build:code`). */
export default ["provider/index", "provider/dynamic/index", "provider/cleanup-policy/index", "emulator/index"].map(
  (entry) => ({
    input: `${entry}.ts`,
    output: { file: `dist/${entry}.d.ts` },
    external: [/^node:/],
    plugins: [dts()],
  }),
);
