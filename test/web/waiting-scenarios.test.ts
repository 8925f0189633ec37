import { expect, test } from "vitest";
import { WAYS_OF_WAITING, evidenceOf, placeOfWay } from "../../lib/index.ts";
import { parseRoute } from "../../web/model/route.ts";
import { SCENARIOS } from "../../web/scenarios/all.ts";
import { SHOWN_WAYS } from "../../web/scenarios/waiting.ts";

test("each way of waiting has a program of its own on the page of a run", () => {
  expect(SHOWN_WAYS.map(({ id }) => id)).toEqual(WAYS_OF_WAITING.map(({ id }) => `waiting-${id}`));
});

test.each(["#/compare/waiting-poll/waiting-epoll-lt", "#/compare/waiting-blocking/waiting-io_uring"])(
  "%s leads to two of them side by side",
  (hash) => {
    const route = parseRoute(hash);
    if (route.page !== "compare") throw new Error(`${hash} leads to ${route.page}`);
    const runs = SCENARIOS.map(({ id }) => ({ scenario: id }));
    expect(runs).toContainEqual(route.left);
    expect(runs).toContainEqual(route.right);
  },
);

test.each([
  ["blocking", "blocking", "synchronous"],
  ["non-blocking", "non-blocking", "synchronous"],
  ["select", "blocking", "synchronous"],
  ["poll", "blocking", "synchronous"],
  ["epoll-lt", "blocking", "synchronous"],
  ["epoll-et", "blocking", "synchronous"],
  ["signal", "non-blocking", "synchronous"],
  ["libaio", "non-blocking", "synchronous"],
  ["posix-aio", "non-blocking", "asynchronous"],
  ["io_uring", "non-blocking", "asynchronous"],
])("the program of %s answers three messages, and each of them is %s and %s", async (id, first, second) => {
  const { kernel, cut } = await SCENARIOS.find((scenario) => scenario.id === `waiting-${id}`)!.start();
  expect(cut).toBe(false);
  expect(placeOfWay(evidenceOf(kernel))).toEqual({ first, second, agree: 3, of: 3 });
  const received = [1, 2, 3].map((handle) => kernel.world.peer(handle).received.text());
  expect(received).toEqual(["hello", "hello", "hello"]);
  expect(kernel.check()).toEqual([]);
});
