/**
 * The constant that each resource carries as `__provider`: code that finds the installed package, evaluated by the
 * dynamic-provider process. `createRequire` from the working directory finds the package when it is installed, linked,
 * or is the repository itself. Frozen once released, since state keeps it; at most 320 bytes.
 *
 * The server prints every error beside reporting it. A package that cannot be loaded should show once, so the next
 * print, which is of this very error, is left out.
 */
export function providerText(methods: "containerPurge" | "cleanupPolicy"): string {
  return (
    `exports.handler=()=>{let n="pulumi-supermemory",d=process.cwd(),c=console,p=c.error;` +
    `try{return require("module").createRequire(d+"/")(n+"/provider").${methods}}` +
    `catch(e){c.error=()=>c.error=p;if(/module 'pulumi-supermemory/.test(e))` +
    "e.message=`${n} is not installed in ${d}: run npm ci or npm i ${n} there`;throw e}}"
  );
}
