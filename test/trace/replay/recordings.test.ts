import { describe, expect, test } from "vitest";
import { differences, recording } from "../../support/recordings.ts";
import { Kernel, replayStrace } from "../../../lib/index.ts";

const replayed = (name: string) => replayStrace(recording(name), { name });

test("every call of the Python server about input and output comes out as recorded", async () => {
  const replay = await replayed("python-selectors");
  expect(differences(replay)).toEqual([]);
  expect(replay.tally).toEqual({
    matched: 3036,
    mismatched: 0,
    "not simulated": 0,
    outside: 39,
    unfinished: 0,
    "no I/O": 707,
  });
  expect(replay.io).toBe(3036);
  expect(replay.calls.length).toBe(3782);
  expect(replay.outside).toEqual({
    connection: 7,
    bytes: 401,
    end: 7,
    reset: 0,
    server: 0,
    ready: 0,
    file: 83,
    signal: 1,
  });
  expect(replay.kernel.check()).toEqual([]);
});

test("what of the Python server is outside the machine are directories and /dev/null", async () => {
  const replay = await replayed("python-selectors");
  const outside = replay.calls.filter(({ verdict }) => verdict === "outside");
  expect(new Set(outside.map(({ call }) => call.name))).toEqual(new Set(["openat", "getdents64", "ioctl", "lseek"]));
  for (const { reason } of outside) expect(reason).toMatch(/ is a directory$|^\/dev\/null.* is a device$/);
});

test("every call of the Node server comes out as recorded", async () => {
  const replay = await replayed("node-http");
  expect(differences(replay)).toEqual([]);
  expect(replay.tally).toEqual({
    matched: 3639,
    mismatched: 0,
    "not simulated": 0,
    outside: 9,
    unfinished: 0,
    "no I/O": 2184,
  });
  expect(replay.tally.matched).toBe(replay.io);
  expect(replay.tasks).toBe(11);
  expect(replay.outside).toMatchObject({ connection: 7, bytes: 301, end: 5, reset: 2, signal: 1 });
  expect(replay.kernel.check()).toEqual([]);
});

test("threads, forks, edges, timers and every error of epoll_ctl come out as recorded", async () => {
  const replay = await replayed("threads-and-signals");
  expect(differences(replay)).toEqual([]);
  expect(replay.tally).toEqual({
    matched: 95,
    mismatched: 0,
    "not simulated": 0,
    outside: 0,
    unfinished: 0,
    "no I/O": 148,
  });
  expect(replay.kernel.check()).toEqual([]);
});

test("poll, select and timers come out as recorded: what is ready, and how long they sleep for it", async () => {
  const replay = await replayed("poll-select-timerfd");
  expect(differences(replay)).toEqual([]);
  expect(replay.tally).toMatchObject({ matched: 30, mismatched: 0, "not simulated": 0, unfinished: 0 });
  for (const [name, matched] of Object.entries({ poll: 5, ppoll: 1, select: 4, pselect6: 1, timerfd_settime: 2 })) {
    expect(replay.bySystemCall.get(name)).toMatchObject({ matched });
  }
  expect(replay.kernel.check()).toEqual([]);
});

test("an answer of poll or select that was not what the machine says is found", async () => {
  const text = recording("poll-select-timerfd");
  for (const [was, becomes, what] of [
    ["revents=POLLHUP", "revents=POLLIN|POLLHUP", "entry 1"],
    ["(in [3], out [4]", "(in [5], out [4]", 'the set "in"'],
  ] as const) {
    expect(text).toContain(was);
    const replay = await replayStrace(text.replace(was, becomes), { name: "changed" });
    expect(replay.calls.flatMap(({ difference }) => difference?.what ?? [])).toContain(what);
  }
});

test("a server whose client is a thread of its own comes out as recorded: ports and an inherited file's position", async () => {
  const replay = await replayed("python-client-inside");
  expect(differences(replay)).toEqual([]);
  // The client has a timeout, for which Python calls poll().
  expect(replay.tally).toMatchObject({ matched: 319, "not simulated": 0, unfinished: 0 });
  expect(replay.bySystemCall.get("poll")).toMatchObject({ matched: 6 });
  expect(replay.bySystemCall.get("lseek")).toMatchObject({ mismatched: 0 });
  expect(replay.bySystemCall.get("accept4")).toMatchObject({ matched: 2 });
  expect(replay.outside).toMatchObject({ connection: 0, bytes: 0, end: 0 });
  expect(replay.kernel.check()).toEqual([]);
});

test("a port that the kernel chose must be the same wherever it is told", async () => {
  const text = recording("python-client-inside");
  // What the second accept4() tells is the first client's port.
  const accept = /(accept4 resumed>{sa_family=AF_INET, sin_port=htons\()(\d+)/g;
  const first = accept.exec(text)![2]!;
  let nth = 0;
  const lie = text.replace(accept, (whole, before: string) => (nth++ === 1 ? before + first : whole));
  const replay = await replayStrace(lie);
  expect(differences(replay)).toHaveLength(1);
  expect(differences(replay)[0]).toMatch(/accept4: the address: expected 127\.0\.0\.1:\d+, got 127\.0\.0\.1:\d+$/);
});

test("tasks go by the names of their programs, threads by their numbers", async () => {
  const { kernel } = await replayed("python-client-inside");
  const names = kernel.tasks.map(({ name }) => name);
  expect(names[0]).toBe("python3.11");
  expect(names.slice(1)).toContainEqual(expect.stringMatching(/^pid \d+$/));
});

describe("a recording that hides its events", () => {
  test("says so, and how to record again", async () => {
    const { warnings } = await replayed("python-selectors-abbreviated");
    expect(warnings.map(({ kind }) => kind)).toContain("abbreviated");
    expect(warnings[0]!.message).toContain("strace -f -ttt -T -yy -s 0 -e abbrev=execve,execveat -o FILE");
  });

  test("is replayed by the numbers of events, which come out as recorded", async () => {
    const replay = await replayed("python-selectors-abbreviated");
    expect(differences(replay)).toEqual([]);
    expect(replay.tally.matched).toBe(3033);
    expect(replay.countOnly).toBe(808);
  });
});

test("the machine stands where the recording ends: its ticks can be gone to, and every call knows its own", async () => {
  const { kernel, calls } = await replayed("threads-and-signals");
  const made = calls.filter(({ ticks }) => ticks !== undefined);
  expect(made.length).toBe(95);
  for (const { ticks } of made) expect(ticks![0]).toBeLessThan(ticks![1]);
  const [, middle] = made[40]!.ticks!;
  kernel.seek(middle);
  expect(kernel.check()).toEqual([]);
});

test("virtual time goes with the recording's", async () => {
  const { virtualTime } = await replayed("python-selectors");
  // From the first call to the end of the last one that concerns I/O.
  expect(virtualTime / 1e9).toBeGreaterThan(0.53);
  expect(virtualTime / 1e9).toBeLessThan(0.54);
});

test("the same recording makes the same machine", async () => {
  const [one, other] = [await replayed("node-http"), await replayed("node-http")];
  expect(one.kernel.digest()).toBe(other.kernel.digest());
});

test("the journal of a replayed machine makes it again, without the recording", async () => {
  const { kernel } = await replayed("threads-and-signals");
  expect((await Kernel.replay(kernel.journal)).digest()).toBe(kernel.digest());
});

test("progress goes up to 1, and an aborted replay is rejected with the signal's reason", async () => {
  const parts: number[] = [];
  await replayStrace(recording("node-http"), { onProgress: (part) => parts.push(part) });
  expect(parts.at(-1)).toBe(1);
  expect(parts).toEqual([...parts].sort((a, b) => a - b));
  const controller = new AbortController();
  const aborted = replayStrace(recording("node-http"), {
    signal: controller.signal,
    onProgress: () => controller.abort(new Error("enough")),
  });
  await expect(aborted).rejects.toThrow("enough");
});
