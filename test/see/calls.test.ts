import { callName, callText, renderCall, renderResult } from "../../lib/see/calls.ts";
import { describe, expect, test } from "vitest";

describe("renderCall", () => {
  test.each([
    ["epoll_wait", [4, 0x7ffeffff000, 64, -1], 1, "epoll_wait(4, 0x7ffeffff000, 64, -1) = 1"],
    ["epoll_ctl", [4, 1, 5, 0x1000], 0, "epoll_ctl(4, EPOLL_CTL_ADD, 5, 0x1000) = 0"],
    ["socket", [2, 0x801, 0], 3, "socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK, 0) = 3"],
    ["accept4", [3, 0, 0, 0x800], 5, "accept4(3, NULL, NULL, SOCK_NONBLOCK) = 5"],
    ["read", [5, 0x1000, 4096], -11, "read(5, 0x1000, 4096) = -1 EAGAIN"],
    ["shutdown", [5, 1], 0, "shutdown(5, SHUT_WR) = 0"],
    ["pipe2", [0x1000, 0x80800], 0, "pipe2(0x1000, O_NONBLOCK|O_CLOEXEC) = 0"],
    ["sendto", [5, 0x1000, 10, 0x4040, 0, 0], 10, "sendto(5, 0x1000, 10, MSG_DONTWAIT|MSG_NOSIGNAL, NULL, 0) = 10"],
    ["fcntl", [5, 4, 0x800], 0, "fcntl(5, F_SETFL, 0x800) = 0"],
    ["getpid", [1, 2, 3], 7, "getpid() = 7"],
  ])("%s is written as strace writes it", (name, args, result, text) => {
    expect(renderCall(name, args, result)).toBe(text);
  });

  test("a call that has not returned is unfinished", () => {
    expect(renderCall(0, [5, 0x1000, 64])).toBe("read(5, 0x1000, 64 <unfinished ...>");
  });

  test("an argument is read as the kernel reads it: an int from the low half, a pointer from all of it", () => {
    const minusOne = 0xffff_ffffn;
    expect(renderCall("close", [minusOne], -9)).toBe("close(-1) = -1 EBADF");
    expect(renderCall("read", [0, -4096n, 1], -14)).toBe("read(0, 0xfffffffffffff000, 1) = -1 EFAULT");
  });

  test("a number that no call has is written in hexadecimal", () => {
    expect(callName(600)).toBe("syscall_0x258");
    expect(callName(232)).toBe("epoll_wait");
  });

  test("only a result that is an error number is written as an error", () => {
    expect(renderResult(-32)).toBe("-1 EPIPE");
    expect(renderResult(0)).toBe("0");
    expect(renderResult(-100_000)).toBe("-100000");
  });
});

describe("with the program's memory at hand", () => {
  const bytes = new Uint8Array(64);
  const user = {
    load: (address: bigint, length: number) =>
      address === 0x1000n && length <= bytes.length ? bytes.subarray(0, length) : null,
  };
  const memory = (...values: number[]) => bytes.fill(0).set(values);

  test("what the program hands in is shown from the beginning", () => {
    memory(...new TextEncoder().encode('say "hi"\n'));
    expect(callText("write", [1, 0x1000, 9], user)).toBe('write(1, "say \\"hi\\"\\n", 9)');
    expect(callText("write", [1, 0x1000, 500], user)).toMatch(/^write\(1, ".{10,}"\.\.\., 500\)$/);
    memory(2, 0, 0x1f, 0x90, 127, 0, 0, 1);
    expect(callText("bind", [3, 0x1000, 16], user)).toBe("bind(3, {AF_INET, port 8080, 127.0.0.1}, 16)");
    memory(1, 0, 0x2f, 0x72, 0x75, 0x6e);
    expect(callText("connect", [3, 0x1000, 6], user)).toBe('connect(3, {AF_UNIX, "/run"}, 6)');
    memory(1, 0, 0, 0x80, 5);
    expect(callText("epoll_ctl", [4, 1, 5, 0x1000], user)).toBe(
      "epoll_ctl(4, EPOLL_CTL_ADD, 5, {EPOLLIN|EPOLLET, data=5})",
    );
    memory(2, 0, 0, 0, 0, 0, 0, 0, 7);
    expect(callText("nanosleep", [0x1000, 0], user)).toBe("nanosleep({sec=2, nsec=7}, NULL)");
  });

  test("what the kernel hands out is shown once the call has returned", () => {
    memory(1, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 4);
    expect(renderCall("epoll_wait", [4, 0x1000, 64, -1], 1, user)).toBe(
      "epoll_wait(4, [{EPOLLIN, data=5}], 64, -1) = 1",
    );
    expect(renderCall("epoll_wait", [4, 0x1000, 64, -1], undefined, user)).toBe(
      "epoll_wait(4, 0x1000, 64, -1 <unfinished ...>",
    );
    memory(104, 105, 0xff);
    expect(renderCall("read", [5, 0x1000, 64], 3, user)).toBe('read(5, "hi\\xff", 64) = 3');
    expect(renderCall("read", [5, 0x1000, 64], -11, user)).toBe("read(5, 0x1000, 64) = -1 EAGAIN");
    memory(3, 0, 0, 0, 4);
    expect(renderCall("pipe2", [0x1000, 0], 0, user)).toBe("pipe2([3, 4], 0) = 0");
  });

  test("a pointer that leads nowhere stays a pointer", () => {
    expect(callText("write", [1, 0x2000, 9], user)).toBe("write(1, 0x2000, 9)");
    expect(callText("bind", [3, 0, 16], user)).toBe("bind(3, NULL, 16)");
  });
});
