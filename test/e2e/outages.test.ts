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

    expect(messages(preview, "warning")).toEqual([expect.stringMatching(/pr-42: .*refused/)]);
    expect(failed.output).toMatch(/http:\/\/127\.0\.0\.1:\d+: .*refused; nothing was deleted/);
    await expect(resource()).rejects.toThrow("no resource");
    await up();
    expect(count("pr-42")).toBe(0);
  });

  scenario("an update fails within its timeout and keeps the state, and the next up works", async () => {
    const { count, emulator, outputs, project, stack, up } = await open({ program, writtenAfterUp: { "pr-43": 4 } });
    const before = await outputs();
    const unavailable = { kind: "serverError", status: 503 } as const;
    const fault = emulator.addFault({ match: { method: "POST" }, times: Infinity, then: unavailable });
    project.setProgram(purgeProgram({ containerTags: ["pr-42", "pr-43"], timeout: "2s" }));

    const failed = expectFailed(await stack.up(direct));

    expect(failed.output).toMatch(/503 until the timeout .*2s.*; nothing was deleted/);
    expect(await outputs()).toEqual(before);
    fault.remove();
    project.setProgram(purgeProgram({ containerTags: ["pr-42", "pr-43"] }));
    await up();
    expect(count("pr-43")).toBe(0);
  });

  scenario("a refresh warns and keeps the last known count", async () => {
    const onDelete = purgeProgram({ containerTags: ["pr-42"], purgeOn: ["delete"] });
    const documents = { written: { "pr-42": 4 }, writtenAfterUp: { "pr-42": 2 } };
    const { emulator, outputs, stack } = await open({ program: onDelete, ...documents });
    const fault = emulator.addFault({ times: Infinity, then: { kind: "notFound", as: "html" } });

    const failed = expectOk(await stack.refresh(direct));

    expect(messages(failed, "warning")).toEqual([expect.stringMatching(/^cannot count .*pr-42: .*4(04|10)/)]);
    expect((await outputs())["documentCount"]).toBe(4);
    fault.remove();
    expectOk(await stack.refresh(direct));
    expect((await outputs())["documentCount"]).toBe(6);
  });
});

/** The address of a closed port. */
async function closedUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "";
}
