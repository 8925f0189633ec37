import { describe, expect, test } from "vitest";
import { callTraits, classifyCall, concernsIo, countCalls, knownCalls } from "../../../lib/trace/strace/classify.ts";
import { parseStrace } from "../../../lib/trace/strace/strace.ts";

describe("a system call's name tells", () => {
  test.each([
    ["epoll_pwait2", "multiplexing", true],
    ["accept4", "sockets", true],
    ["splice", "transfer", true],
    ["pipe2", "creation", true],
    ["fcntl", "descriptors", true],
    ["io_uring_enter", "asynchronous", true],
    ["clone3", "tasks", false],
    ["restart_syscall", "time", false],
    ["rt_sigaction", "signals", false],
    ["newfstatat", "files", false],
    ["mmap", "memory", false],
    ["getrandom", "other", false],
    ["syscall_0x3e7", "unknown", false],
  ])("%s is about %s", (name, group, io) => {
    expect(classifyCall(name)).toBe(group);
    expect(concernsIo(name)).toBe(io);
  });

  test("which arguments and results are descriptors", () => {
    expect(callTraits("epoll_ctl").descriptors).toEqual([0, 2]);
    expect(callTraits("sendfile").descriptors).toEqual([0, 1]);
    expect(callTraits("read").descriptors).toEqual([0]);
    expect(callTraits("socket")).toMatchObject({ descriptors: [], returnsDescriptor: true });
    expect(callTraits("mmap").descriptors).toEqual([4]);
  });
});

test("every name stands in one group only", () => {
  expect(new Set(knownCalls()).size).toBe(knownCalls().length);
});

test("counting leaves no call out", () => {
  const trace = parseStrace("read(3) = 0\nread(3) = 0\nbrk(NULL) = 0\nnew_call(1) = 0\n");
  expect(countCalls(trace.calls)).toEqual(
    new Map([
      ["transfer", new Map([["read", 2]])],
      ["memory", new Map([["brk", 1]])],
      ["unknown", new Map([["new_call", 1]])],
    ]),
  );
});
