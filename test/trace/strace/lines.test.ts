import { describe, expect, test } from "vitest";
import { parseStrace } from "../../../lib/trace/strace/strace.ts";
import type { StraceTrace } from "../../../lib/trace/strace/types.ts";

function read(...lines: string[]): StraceTrace {
  return parseStrace(lines.map((line) => `${line}\n`).join(""));
}

/** Each call as `pid name from-to`. */
function summary(trace: StraceTrace): string[] {
  return trace.calls.map(({ pid, name, line, endLine }) => `${pid} ${name} ${line}-${endLine}`);
}

describe("what stands before a call", () => {
  test.each([
    ["close(3) = 0", 0, "none"],
    ["12 close(3) = 0", 12, "none"],
    ["12    close(3) = 0", 12, "none"],
    ["12<bash> close(3) = 0", 12, "none"],
    ["[pid    12] close(3) = 0", 12, "none"],
    ["[pid 12<my prog>] close(3) = 0", 12, "none"],
    ["12 1795378858.360122 close(3) = 0", 12, "epoch"],
    ["1795378858.360122 close(3) = 0", 0, "epoch"],
    ["1795378858 close(3) = 0", 0, "epoch"],
    ["12 12:34:56 close(3) = 0", 12, "day"],
    ["12:34:56.123456 close(3) = 0", 0, "day"],
    ["[pid 12] 12:34:56.123456789 close(3) = 0", 12, "day"],
    ["     0.000000 close(3) = 0", 0, "relative"],
    ["12      0.000123 close(3) = 0", 12, "relative"],
    ["12 22:23:46 (+     0.000123) close(3) = 0", 12, "day"],
    ["12 [ 257] close(3) = 0", 12, "none"],
    ["12 [  45] [00007f3784728929] close(3) = 0", 12, "none"],
    ["[????????????????] close(3) = 0", 0, "none"],
  ])("%s", (line, pid, clock) => {
    const trace = read(line);
    expect(trace.calls).toHaveLength(1);
    expect(trace.calls[0]).toMatchObject({ pid, name: "close", time: 0, result: { kind: "value", value: 0 } });
    expect(trace.clock).toBe(clock);
  });

  test("times count in ns from the first line, in every clock", () => {
    const times = (...stamps: string[]) =>
      read(...stamps.map((stamp) => `${stamp} close(3) = 0`)).calls.map(({ time }) => time);
    expect(times("1795378858.999999", "1795378859.000001")).toEqual([0, 2000]);
    expect(times("1795378858.999999999", "1795378859.000000001")).toEqual([0, 2]);
    expect(times("0.000005", "0.000007", "1.000000")).toEqual([0, 7000, 1_000_007_000]);
    expect(times("23:59:59.5", "00:00:00.25", "00:00:01")).toEqual([0, 750_000_000, 1_500_000_000]);
  });

  test("a clock that was set back is told, and the calls stay in order", () => {
    const trace = read("1795378858.5 close(3) = 0", "1795378858.4 close(4) = 0");
    expect(trace.calls.map(({ time }) => time)).toEqual([0, -100_000_000]);
    expect(trace.warnings).toMatchObject([{ kind: "time", line: 2 }]);
  });
});

describe("results", () => {
  test.each<[string, object]>([
    ["= 3", { result: { kind: "value", value: 3 } }],
    ["= 0x7f628432c000", { result: { kind: "value", value: 0x7f628432c000 } }],
    ["= 022", { result: { kind: "value", value: 0o22 } }],
    ["= -2", { result: { kind: "value", value: -2 } }],
    ["= ?", { result: { kind: "unknown" } }],
    ["= ? <unavailable>", { result: { kind: "unknown" } }],
    ["= 3<anon_inode:[eventpoll]> <0.000005>", { resultAnnotation: { kind: "anonymous" }, duration: 5000 }],
    ["= -1 EAGAIN (Resource temporarily unavailable) <1.5>", { result: { kind: "error", errno: "EAGAIN", value: -1 } }],
    ["= -1 EPERM (Operation not permitted) (INJECTED)", { resultText: "Operation not permitted INJECTED" }],
    ["= -1 (errno 1234)", { result: { kind: "error", errno: "1234", value: -1 } }],
    ["= ? ERESTARTSYS (To be restarted if SA_RESTART is set)", { result: { kind: "restart", name: "ERESTARTSYS" } }],
    ["= 0 (Timeout) <0.1>", { resultText: "Timeout", duration: 100_000_000 }],
    ["= 12 /* 1 in strace's PID NS */", { result: { kind: "value", value: 12 } }],
    ["= 12<bash>", { result: { kind: "value", value: 12 } }],
  ])("%s", (text, expected) => {
    expect(read(`call() ${text}`).calls[0]).toMatchObject(expected);
    expect(read(`call()            ${text}`).calls[0]).toMatchObject(expected);
  });

  test("details behind a result are values", () => {
    const details = (text: string) => read(`call() ${text}`).calls[0]?.resultDetails;
    expect(details("= 1 ([{fd=4, revents=POLLIN}])")).toMatchObject([{ name: "", value: { kind: "array" } }]);
    expect(details("= 2 (in [4 5], out [6], left {tv_sec=0, tv_usec=9})")).toMatchObject([
      { name: "in", value: { kind: "array", elements: [{ value: 4 }, { value: 5 }] } },
      { name: "out", value: { kind: "array", elements: [{ value: 6 }] } },
      { name: "left", value: { kind: "struct" } },
    ]);
    expect(details("= 0x8002 (flags O_RDWR|O_LARGEFILE)")).toMatchObject([{ name: "flags", value: { kind: "flags" } }]);
    expect(details("= 0 (Timeout)")).toBeUndefined();
  });
});

describe("halves of a call", () => {
  test("are joined by task, in the order of entry", () => {
    const trace = read(
      "1 1795378858.1 epoll_wait(3<anon_inode:[eventpoll]>,  <unfinished ...>",
      "2 1795378858.2 close(9) = 0 <0.000001>",
      "2 1795378858.3 futex(0x10, FUTEX_WAIT, 0, NULL <unfinished ...>",
      "1 1795378858.4 <... epoll_wait resumed>[{events=EPOLLIN, data={u32=4, u64=4}}], 8, -1) = 1 <0.3>",
      "2 1795378858.5 <... futex resumed>) = 0 <0.2>",
    );
    expect(summary(trace)).toEqual(["1 epoll_wait 1-4", "2 close 2-2", "2 futex 3-5"]);
    expect(trace.calls.map((call) => [call.entrySequence, call.exitSequence])).toEqual([
      [0, 4],
      [1, 2],
      [3, 5],
    ]);
    expect(trace.calls[0]).toMatchObject({ time: 0, endTime: 300_000_000, duration: 300_000_000 });
    expect(trace.calls[0]?.args).toHaveLength(4);
    expect(trace.calls[1]).toMatchObject({ endTime: trace.calls[1]!.time + 1000 });
  });

  test("are joined in the middle of an argument", () => {
    const trace = read(
      "1 clone3({flags=CLONE_VM, exit_signal=0} <unfinished ...>",
      "1 <... clone3 resumed> => {parent_tid=[2]}, 88) = 2",
      "1 clone(child_stack=NULL, flags=CLONE_VM|SIGCHLD <unfinished ...>",
      "1 <... clone resumed>, child_tidptr=0x7f) = 3",
      "1 pause( <unfinished ...>",
      "1 <... pause resumed>)            = ? ERESTARTNOHAND (To be restarted if no handler)",
      "1 select(4, [3], NULL, NULL, NULL <unfinished ...>",
      "1 <... select resumed>) = 1 (in [3])",
    );
    expect(trace.calls.map(({ args }) => args.map(({ kind }) => kind))).toEqual([
      ["change", "integer"],
      ["named", "named", "named"],
      [],
      ["integer", "array", "null", "null", "null"],
    ]);
  });

  test("a task that dies inside a call leaves the arguments that were printed", () => {
    const trace = read(
      "1 futex(0x10, FUTEX_WAIT, 2, NULL <unfinished ...>",
      "1 <... futex resumed> <unfinished ...>) = ?",
      "1 read(5,  <unfinished ...>",
      "1 +++ killed by SIGSEGV (core dumped) +++",
      "2 epoll_wait(3, [{events=EPOLLIN,  <unfinished ...>",
      "2 <... epoll_wait resumed> <unfinished ...>) = ?",
      "2 +++ exited with 0 +++",
    );
    expect(trace.calls).toMatchObject([
      { unfinished: "died", result: { kind: "unknown" }, args: { length: 4 }, endLine: 2 },
      { unfinished: "died", args: { length: 1 }, endLine: 4 },
      { unfinished: "died", args: { length: 2 } },
    ]);
    expect(trace.exits).toMatchObject([
      { pid: 1, end: { kind: "killed", signal: "SIGSEGV", coreDumped: true } },
      { pid: 2, end: { kind: "exited", status: 0 } },
    ]);
  });

  test("a recording that begins and ends inside calls says so", () => {
    const trace = read(
      "1 1795378858.5 <... epoll_wait resumed>[], 8, 500) = 0 <0.4>",
      "2 1795378858.6 <... read resumed>, 10) = -1 EINTR (Interrupted system call)",
      "3 1795378858.6 <... futex resumed>) = 0",
      "1 1795378858.7 epoll_wait(3,  <detached ...>",
      "2 1795378858.8 read(5,  <unfinished ...>",
    );
    expect(trace.calls).toMatchObject([
      { name: "epoll_wait", startMissing: true, time: -400_000_000, endTime: 0, args: { length: 3 } },
      { name: "read", startMissing: true, args: { length: 1 } },
      { name: "futex", startMissing: true, args: { length: 0 } },
      { name: "epoll_wait", unfinished: "detached", args: { length: 1 } },
      { name: "read", unfinished: "end", args: { length: 1 } },
    ]);
    expect(trace.warnings.map(({ kind, line }) => `${kind} ${line}`)).toEqual([
      "start-missing 1",
      "detached 4",
      "unfinished 5",
    ]);
    expect(trace.warnings[0]?.message).toMatch(/\(and 2 more\)$/);
  });

  test("a thread that calls execve goes on under the number of its process", () => {
    const trace = read(
      '12 execve("/bin/true", [...], 0x10 /* 3 vars */ <unfinished ...>',
      "10 <... nanosleep resumed> <unfinished ...>) = ?",
      "10 +++ superseded by execve in pid 12 +++",
      "10 <... execve resumed>) = 0",
      "10 close(3) = 0",
    );
    expect(summary(trace)).toEqual(["12 execve 1-4", "10 nanosleep 2-2", "10 close 5-5"]);
    expect(trace.exits).toMatchObject([{ pid: 10, end: { kind: "superseded", by: 12 } }]);
  });
});

describe("a recording from the terminal", () => {
  test("names the first task once there is a second one, also in what it did before", () => {
    const trace = read(
      "close(3) = 0",
      "clone(child_stack=NULL, flags=CLONE_VM|SIGCHLDstrace: Process 11 attached",
      ", child_tidptr=0x7f) = 11",
      "[pid    11] close(4 <unfinished ...>",
      "[pid    10] close(5 <unfinished ...>",
      "[pid    11] <... close resumed>) = 0",
      "[pid    10] <... close resumed>) = 0",
      "[pid    11] +++ exited with 0 +++",
      "close(6) = 0",
      "--- SIGCHLD {si_signo=SIGCHLD, si_pid=11} ---",
      "+++ exited with 0 +++",
    );
    expect(summary(trace)).toEqual(["10 close 1-1", "10 clone 2-3", "11 close 4-6", "10 close 5-7", "10 close 9-9"]);
    expect(trace.signals).toMatchObject([{ pid: 10, signal: "SIGCHLD", info: { kind: "struct" } }]);
    expect(trace.exits.map(({ pid }) => pid)).toEqual([11, 10]);
    expect(trace.notices).toEqual([{ line: 2, text: "strace: Process 11 attached" }]);
  });

  test("without notices, tells the first task by its resumption", () => {
    const trace = read(
      "vfork( <unfinished ...>",
      "[pid 11] close(4) = 0",
      "[pid 10] <... vfork resumed>) = 11",
      "[pid 11] close(5) = 0",
    );
    expect(summary(trace)).toEqual(["10 vfork 1-3", "11 close 2-2", "11 close 4-4"]);
  });

  test("a single task is named by a call that returns its number", () => {
    expect(summary(read("close(3) = 0", "set_tid_address(0x10) = 77", "close(4) = 0"))).toEqual([
      "77 close 1-1",
      "77 set_tid_address 2-2",
      "77 close 3-3",
    ]);
  });

  test("notices inside and around a call do not disturb it", () => {
    const trace = read(
      "strace: Process 20 attached with 2 threads",
      "[pid 21] epoll_wait(3, strace: Process 20 detached",
      "strace: Process 22 detached",
      " <detached ...>",
    );
    expect(trace.calls).toMatchObject([{ pid: 21, name: "epoll_wait", line: 2, endLine: 4, unfinished: "detached" }]);
    expect(trace.notices).toHaveLength(3);
  });

  test("stack traces and other words of strace are notices", () => {
    const trace = read(
      "close(3) = 0",
      " > /lib/libc.so.6(__close+0x4) [0x10ab]",
      "strace: [ Process PID=3 runs in 32 bit mode. ]",
    );
    expect(trace.calls).toHaveLength(1);
    expect(trace.notices).toHaveLength(2);
  });
});

test("signals and stops are kept with what is known about them", () => {
  const trace = read(
    "5 --- SIGTERM {si_signo=SIGTERM, si_code=SI_USER, si_pid=2222, si_uid=0} ---",
    "5 --- stopped by SIGSTOP ---",
    "5 --- SIGCHLD (Child exited) @ 0 (0) ---",
    "5 --- SIGRT_1 {si_signo=SIGRT_1, si_value={sival_int=0, sival_ptr=NULL}} ---",
  );
  expect(trace.signals.map(({ signal, info }) => [signal, info?.fields.length])).toEqual([
    ["SIGTERM", 4],
    ["SIGCHLD", undefined],
    ["SIGRT_1", 2],
  ]);
  expect(trace.stops).toMatchObject([{ pid: 5, line: 2, signal: "SIGSTOP" }]);
});
