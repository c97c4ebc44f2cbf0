import { createServer } from "node:http";
import { bothApis } from "./support/apis";
import { direct, expectFailed, expectOk, messages, purgeProgram } from "./support/runs";
import { describeScenarios } from "./support/scenarios";

const program = purgeProgram({ containerTags: ["pr-42"] });

describeScenarios("When the API is unavailable", bothApis, ({ open, scenario }) => {
  scenario("a preview warns, an up fails without a resource in the state, and the next up works", async () => {
    const { count, resource, stack, up } = await open({ program, written: { "pr-42": 4 } });
    const env = { SUPERMEMORY_BASE_URL: await closedUrl() };

    const preview = expectOk(await stack.preview({ env }));
    const failed = expectFailed(await stack.up({ ...direct, env }));

    expect(messages(preview, "warning")).toEqual([
      expect.stringMatching(/^creating this .*; they could not be counted: .*refused/),
    ]);
    expect(failed.output).toMatch(/http:\/\/127\.0\.0\.1:\d+: .*refused; nothing was deleted/);
    await expect(resource()).rejects.toThrow("no resource");
    await up();
    expect(count("pr-42")).toBe(0);
  });
});

async function closedUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "";
}
