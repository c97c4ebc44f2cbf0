const pulumi = require("@pulumi/pulumi");
const { ContainerPurge, Provider } = require("pulumi-supermemory");

const config = new pulumi.Config();
const containerTags = [`review-${pulumi.getStack()}`];

// Of our own organization: the key is supermemory:apiKey, or SUPERMEMORY_API_KEY.
const ours = new ContainerPurge("ours", { containerTags });

// Of the partner's: an instance with a key of its own, which no variable of ours replaces.
const partner = new Provider("partner", {
  apiKey: config.requireSecret("partnerKey"),
  // Only where the partner's API is not the usual one.
  baseUrl: config.get("partnerUrl"),
  // Its key can delete more than this stack should.
  allowedTags: ["review-*"],
});
const theirs = new ContainerPurge("theirs", { containerTags }, { provider: partner });

exports.deletedCounts = { ours: ours.deletedCount, theirs: theirs.deletedCount };
