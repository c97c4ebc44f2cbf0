/** Names and values that the random cases are made of. */

export const day = 86_400_000;

const targets = ["pr-1", "pr-2", "pr-3", "eu:Prod", "live"] as const;

export const tags = {
  /** Containers that purges aim at. */
  targets,
  /** Containers that may exist, and that documents may belong to as well. */
  all: [...targets, "elsewhere", "sm_project_default"] as const,
  /** Protected without anybody saying so. */
  protected: ["eu:Prod", "live", "sm_project_default"] as readonly string[],
  /** A container that nothing refers to. */
  bystander: "bystander",
  /** What is listed to see whether a list applies its filter. */
  nobodys: "pulumi-supermemory-filter-check",
};

/** Texts that must never come out of a purge again. */
export const canaries = {
  key: "sm_canary_key_8d1f0c",
  content: "canary of the content",
  title: "canary of the title",
  kinds: ["canary-metadata-log", "canary-metadata-note"] as const,
};
