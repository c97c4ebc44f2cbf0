import { createServer } from "node:http";
import { everyApi } from "./support/apis";
import { direct, expectFailed, expectOk, messages, purgeProgram } from "./support/runs";
import { describeScenarios } from "./support/scenarios";

describeScenarios("When the API does not answer", everyApi, ({ current, open, scenario }) => {
  scenario("a preview warns, an up fails and leaves the state as it was, and the next up works", async () => {
    const { count, stack } = await open({
      program: purgeProgram({ containerTags: ["pr-42"] }),
      written: { "pr-42": 4 },
    });
    const env = { SUPERMEMORY_BASE_URL: await closedUrl() };

    const preview = await stack.preview({ env });
    const failed = await stack.up({ ...direct, env });

    expectOk(preview);
    expect(messages(preview, "warning")).toEqual([
      expect.stringMatching(/^cannot count what will be deleted in pr-42: cannot reach .*refused/),
    ]);
    expectFailed(failed);
    expect(failed.output).toMatch(
      /cannot reach http:\/\/127\.0\.0\.1:\d+: the connection was refused; nothing was deleted/,
    );
    await expect(current().resource()).rejects.toThrow("no ContainerPurge");
    expectOk(await stack.up(direct));
    expect(count("pr-42")).toBe(0);
  });

  scenario("an update fails within its timeout, keeps what the state says, and the next up works", async () => {
    const { count, emulator, project, stack } = await open({
      program: purgeProgram({ containerTags: ["pr-42"] }),
      written: { "pr-43": 4 },
    });
    expectOk(await stack.up(direct));
    const before = (await current().resource()).outputs;
    const fault = emulator.addFault({
      match: { method: "POST" },
      times: Infinity,
      then: { kind: "serverError", status: 503 },
    });
    project.setProgram(purgeProgram({ containerTags: ["pr-42", "pr-43"], timeout: "2s" }));

    const failed = await stack.up(direct);

    expectFailed(failed);
    expect(failed.output).toContain("the API answered 503 until the timeout of 2s; nothing was deleted");
    expect((await current().resource()).outputs).toEqual(before);
    fault.remove();
    project.setProgram(purgeProgram({ containerTags: ["pr-42", "pr-43"] }));
    expectOk(await stack.up(direct));
    expect(count("pr-43")).toBe(0);
  });

  scenario("refresh warns and keeps the count that was known", async () => {
    const { emulator, stack, write } = await open({
      v3Ends: "at a list",
      program: purgeProgram({ containerTags: ["pr-42"], purgeOn: ["delete"] }),
      written: { "pr-42": 4 },
    });
    expectOk(await stack.up(direct));
    await write("pr-42", 2);
    const fault = emulator.addFault({
      times: Infinity,
      then: { kind: "notFound", as: "html" },
    });

    const failed = await stack.refresh(direct);

    expectOk(failed);
    expect(messages(failed, "warning")).toEqual([
      expect.stringMatching(/^cannot count the documents in pr-42: .*answered 4(04|10)/),
    ]);
    expect((await current().resource()).outputs["documentCount"]).toBe(4);
    fault.remove();
    expectOk(await stack.refresh(direct));
    expect((await current().resource()).outputs["documentCount"]).toBe(6);
  });
});

/** The address of a server that is gone. */
async function closedUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "";
}
