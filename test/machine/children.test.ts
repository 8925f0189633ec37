import {
  AF_UNIX,
  SIGKILL,
  SIGUSR1,
  SIG_BLOCK,
  SIG_IGN,
  SOCK_STREAM,
  type Sys,
  WEXITSTATUS,
  WIFEXITED,
  WIFSIGNALED,
  WTERMSIG,
  type WaitStatus,
} from "../../lib/index.ts";
import { describe, expect, test } from "vitest";
import { boot } from "../support/boot.ts";

test("the status of a child tells whether it has ended by itself, and with what, or which signal did it", async () => {
  const kernel = await boot();
  const seen: unknown[] = [];
  kernel.spawn("parent", function* (sys) {
    const status: WaitStatus = {};
    yield* sys.fork(function* (child) {
      yield* child.exit(7);
    });
    yield* sys.wait4(-1, status);
    seen.push([WIFEXITED(status.value!), WEXITSTATUS(status.value!), WIFSIGNALED(status.value!)]);
    const sleeper = yield* sys.fork(function* (child) {
      yield* child.pause();
    });
    yield* sys.kill(sleeper, SIGKILL);
    yield* sys.wait4(-1, status);
    seen.push([WIFEXITED(status.value!), WIFSIGNALED(status.value!), WTERMSIG(status.value!)]);
  });
  kernel.run();
  expect(seen).toEqual([
    [true, 7, false],
    [false, true, SIGKILL],
  ]);
  // A stopped child has ended in neither way.
  expect([WIFEXITED(0x137f), WIFSIGNALED(0x137f)]).toEqual([false, false]);
});

test("where C takes a null pointer for what was before, null is taken", async () => {
  const kernel = await boot();
  const task = kernel.spawn("task", function* (sys) {
    return [yield* sys.sigprocmask(SIG_BLOCK, [SIGUSR1], null), yield* sys.sigaction(SIGUSR1, SIG_IGN, null)];
  });
  kernel.run();
  expect(task.result).toEqual([0, 0]);
});

describe("a slip in an argument is an error that names what there is", () => {
  const slips: [what: string, call: (sys: Sys) => unknown, message: RegExp][] = [
    [
      "descriptors as data",
      (sys) => sys.sendmsg(3, { iov: [], control: [{ level: 1, type: 1, data: [4] as never }] }),
      /are fds/,
    ],
    [
      "a part of a control message",
      (sys) => sys.sendmsg(3, { iov: [], control: [{ cmsg_level: 1 } as never] }),
      /cmsg_level; there are level/,
    ],
    [
      "a part of a message",
      (sys) => sys.sendmsg(3, { iov: [], msg_control: [] } as never),
      /msg_control; there are name/,
    ],
    [
      "a part of a sigaction",
      (sys) => sys.sigaction(SIGUSR1, { sa_handler: 0 } as never),
      /sa_handler; there are handler/,
    ],
  ];
  test.each(slips)("%s", async (_, call, message) => {
    const kernel = await boot();
    const task = kernel.spawn("task", function* (sys) {
      yield* sys.socketpair(AF_UNIX, SOCK_STREAM, 0, []);
      call(sys);
    });
    expect(() => kernel.run()).toThrow(message);
    expect(task.error).toBeInstanceOf(TypeError);
  });
});
