/**
 * The constant that each resource carries as `__provider`: code that finds the installed package, evaluated by the
 * dynamic-provider process. `createRequire` from the working directory finds the package when it is installed, linked,
 * or is the repository itself. Where only a wrapper of it is installed there (pnpm), the SDK's own folder finds it.
 * Frozen once released, since state keeps it; at most 512 bytes.
 *
 * The server prints every error beside reporting it. A package that cannot be loaded should show once, so the next
 * print, which is of this very error, is left out.
 */
export function providerText(methods: "containerPurge" | "cleanupPolicy"): string {
  return (
    `exports.handler=()=>{let n="pulumi-supermemory",d=process.cwd(),c=console,p=c.error,` +
    `r=require("module").createRequire(d+"/");` +
    `try{return r(r.resolve(n+"/provider",{paths:[d,require.main?.path??d]})).${methods}}` +
    `catch(e){c.error=()=>c.error=p;if(/module 'pulumi-supermemory/.test(e))` +
    "e.message=`${n} is not installed in ${d} or a folder above it; nothing was deleted\\nrun npm ci, or npm i ${n}\\n" +
    "if you removed it on purpose, run: pulumi state delete '<urn>' (this purges nothing)`;throw e}}"
  );
}
