import { providerText } from "../../../provider/dynamic/provider-text";

describe("the text that each resource carries", () => {
  test("has at most 320 bytes", () => {
    expect(Buffer.byteLength(providerText("containerPurge"))).toBeLessThanOrEqual(320);
  });

  test("is what state out there holds, byte for byte", () => {
    expect(providerText("containerPurge")).toBe(
      'exports.handler=()=>{let n="pulumi-supermemory",d=process.cwd(),c=console,p=c.error;' +
        'try{return require("module").createRequire(d+"/")(n+"/provider").containerPurge}' +
        "catch(e){c.error=()=>c.error=p;if(/module 'pulumi-supermemory/.test(e))" +
        "e.message=`${n} is not installed in ${d}: run npm ci or npm i ${n} there`;throw e}}",
    );
  });
});
