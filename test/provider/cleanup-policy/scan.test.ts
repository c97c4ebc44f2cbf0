import { scanContainers } from "../../../provider/cleanup-policy/scan";
import type { SupermemoryApi } from "../../../provider/client/api";
import { errorOf, startWorld } from "../support/world";

const query = {
  rules: { match: ["pr-*"], except: [], inactiveForMs: undefined, keepLatest: 1, scope: "documents" },
  bounds: {
    ...{ allowedTags: undefined, protectedTags: [], allowProtectedTags: { managed: [], removed: [] } },
    managedBy: () => undefined,
  },
  method: { kind: "tag" },
} as const;

/** A request that never ends the list: the server always returns one more page. */
const endless: SupermemoryApi["listContainers"] = (context) => {
  for (;;) context.onAttempt?.(false);
};

test.each<[string, Partial<SupermemoryApi>, RegExp]>([
  ["lists containers", { listContainers: (context) => endless(context) }, /^this operation sent 11,000 requests/],
  [
    "looks for the last update of a container",
    { lastUpdateOf: async (_query, context) => await endless(context).then(() => 0) },
    /^this operation sent 1,141 requests, its budget for 5 documents in 1 container$/m,
  ],
])("a scan that endlessly %s ends when its budget is spent", async (_what, replaced, message) => {
  const { session } = await startWorld({ apiVersion: "v5", containers: { "pr-1": 5 } });
  const api = { ...session.api, ...replaced };
  expect((await errorOf(scanContainers(query, { ...session, api }))).message).toMatch(message);
});
