export const day = 86_400_000;

const targets = ["pr-1", "pr-2", "pr-3", "eu:Prod", "live"] as const;

export const tags = {
  targets,
  all: [...targets, "elsewhere", "sm_project_default"] as const,
  /** Protected by default. */
  protected: ["eu:Prod", "live", "sm_project_default"] as readonly string[],
  bystander: "bystander",
  /** Listed by the client to check that lists apply their filter. */
  probe: "pulumi-supermemory-filter-check",
};

export const canaries = {
  key: "sm_canary_key_8d1f0c",
  /** The key of the second of two purges. */
  secondKey: "sm_canary_key_8d1f0c_second",
  content: "canary of the content",
  title: "canary of the title",
  kinds: ["canary-metadata-log", "canary-metadata-note"] as const,
};
