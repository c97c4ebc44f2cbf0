const assert = require("node:assert/strict");
const { test } = require("node:test");
const { planCleanup } = require("pulumi-supermemory/policy");
const { rules } = require("./rules");

const now = new Date("2026-03-31T12:00:00Z");

test("purges what nobody used for more than two weeks", () => {
  const { planned } = planCleanup(rules, [unused("pr-12", 40), unused("test-7", 15), ...inUse], now);
  assert.deepEqual(tags(planned), ["pr-12", "test-7"]);
  assert.equal(planned[0].reason, "matches pr-*, last active 40 days ago");
});

test("keeps what is in use", () => {
  assert.deepEqual(tags(planCleanup(rules, [unused("pr-13", 13), ...inUse], now).planned), []);
});

test("never touches other containers, nor those of a demo", () => {
  const others = ["production", "tenant-7", "sprint-12", "pr-demo-1", "pr-live"].map((tag) => unused(tag, 400));
  assert.deepEqual(tags(planCleanup(rules, [...others, ...inUse], now).planned), []);
});

test("keeps the two newest, however long they are unused", () => {
  const { planned, leftOut } = planCleanup(rules, [unused("pr-1", 50), unused("pr-2", 40), unused("pr-3", 30)], now);
  assert.deepEqual(tags(planned), ["pr-1"]);
  assert.deepEqual(tags(leftOut).sort(), ["pr-2", "pr-3"]);
});

test("refuses a plan of too many containers as a whole", () => {
  const flood = Array.from({ length: 31 }, (_, index) => unused(`test-${index}`, 40));
  assert.match(
    planCleanup(rules, [...flood, ...inUse], now).refused,
    /31 containers .*, more than maxContainers \(30\)/,
  );
});

/** A container as the API lists it. */
function unused(containerTag, days) {
  const lastActivityAt = new Date(now.getTime() - days * 86_400_000).toISOString();
  return { containerTag, documentCount: 3, memoryCount: 9, createdAt: "2025-01-01T00:00:00Z", lastActivityAt };
}

/** Fill the places that keepLatest keeps. */
const inUse = [unused("pr-98", 1), unused("pr-99", 0)];

function tags(containers) {
  return containers.map(({ containerTag }) => containerTag);
}
