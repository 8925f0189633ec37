import { expect, test } from "vitest";
import { Kernel } from "../../lib/index.ts";
import { echoServer, populate } from "../support/programs.ts";

test("a machine boots in a browser, finds its own module, serves, and goes back in time", async () => {
  const kernel = await Kernel.boot({ cpus: 2 });
  kernel.spawn("server", echoServer);
  populate(kernel);
  const peer = kernel.world.connect(8080);
  peer.send("hello");
  kernel.run();
  expect(peer.received.text()).toBe("hello");
  expect(kernel.check()).toEqual([]);
  const end = kernel.digest();
  kernel.seek(100);
  const there = kernel.digest();
  const branch = kernel.branch();
  branch.run();
  expect(branch.check()).toEqual([]);
  kernel.seek(kernel.ticks);
  expect(kernel.digest()).toBe(end);
  const again = await Kernel.replay(kernel.journal);
  again.seek(100);
  expect(again.digest()).toBe(there);
});
