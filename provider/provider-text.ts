/**
 * The constant that each resource carries as `__provider`: code that finds the installed package, evaluated by the
 * dynamic-provider process. `createRequire` from the working directory finds the package when it is installed, linked,
 * or is the repository itself. Frozen once released, since state keeps it; at most 320 bytes.
 */
export function providerText(methods: "containerPurge"): string {
  // The message begins "Cannot find module 'NAME"; what is required further down is named elsewhere in it.
  return (
    `exports.handler=()=>{let n="pulumi-supermemory",d=process.cwd();` +
    `try{return require("module").createRequire(d+"/")(n+"/provider").${methods}}` +
    `catch(e){if(e.code=="MODULE_NOT_FOUND"&&e.message.slice(20,38)==n)` +
    "e.message=`${n} is not installed in ${d}: run npm ci (or npm install ${n}) there`,e.stack='';throw e}}"
  );
}
