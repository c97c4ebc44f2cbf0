/**
 * The constant that each resource carries as `__provider`: code that finds the installed package, evaluated by the
 * dynamic-provider process. `createRequire` from the working directory finds the package when it is installed, linked,
 * or is the repository itself. Frozen once released, since state keeps it; at most 320 bytes.
 */
export function providerText(methods: "containerPurge"): string {
  return (
    `exports.handler=()=>{let n="pulumi-supermemory",d=process.cwd();` +
    `try{return require("module").createRequire(d+"/")(n+"/provider").${methods}}` +
    `catch(e){if(e.code=="MODULE_NOT_FOUND"&&e.message.split("\\n",1)[0].includes(n))` +
    `e.message=n+" is not installed in "+d+": run npm ci (or npm install "+n+") there",e.stack="";throw e}}`
  );
}
