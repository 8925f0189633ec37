import { callName, renderCall, renderResult } from "../../lib/see/calls.ts";
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
