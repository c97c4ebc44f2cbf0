/** Another provider process, as far as claims go: claims what it is told, says so, and lives until its input ends. */
import { Claims } from "../../../provider/host/claims";
import { claimsPath } from "../../../provider/host/claims-file";

const [, , address = "", urn = "", containerTag = "", baseUrl = "", keyId = ""] = process.argv;
new Claims(claimsPath(address)).add({ urn, containerTags: [containerTag], baseUrl, keyId });
process.stdout.write("claimed\n");
process.stdin.resume();
process.stdin.on("end", () => {
  process.exit(0);
});
