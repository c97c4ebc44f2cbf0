const pulumi = require("@pulumi/pulumi");
const { ContainerPurge, Provider } = require("pulumi-supermemory");

const config = new pulumi.Config();
const containerTags = [`review-${pulumi.getStack()}`];

// Our own organization. The key is supermemory:apiKey or SUPERMEMORY_API_KEY.
const ours = new ContainerPurge("ours", { containerTags });

// The partner's organization: a provider instance with its own key, which our variables do not replace.
const partner = new Provider("partner", {
  apiKey: config.requireSecret("partnerKey"),
  // Only if the partner's API has another address.
  baseUrl: config.get("partnerUrl"),
  // The partner's key can delete more than this stack should.
  allowedTags: ["review-*"],
});
const theirs = new ContainerPurge("theirs", { containerTags }, { provider: partner });

exports.deletedCounts = { ours: ours.deletedCount, theirs: theirs.deletedCount };
