import { describe, expect, test } from "vitest";
import { differences, recording } from "../../support/recordings.ts";
import { replayStrace } from "../../../lib/index.ts";

/** Replays a recording in which one line was changed. */
async function changed(name: string, line: number, from: string | RegExp, to: string) {
  const lines = recording(name).split("\n");
  const before = lines[line - 1]!;
  const after = before.replace(from, to);
  if (after === before) throw new Error(`line ${line} has no ${from}: ${before}`);
  lines[line - 1] = after;
  return replayStrace(lines.join("\n"), { name });
}

const python = "python-selectors";

describe("a change of one line is found in that line, and only there", () => {
  test.each([
    [
      "a result",
      1292,
      ") = 0 <",
      ") = -1 EADDRINUSE (Address already in use) <",
      "listen: the result: expected EADDRINUSE, got 0",
    ],
    [
      "an error",
      3773,
      "ENOTCONN (Transport",
      "EINVAL (Transport",
      "getpeername: the result: expected EINVAL, got ENOTCONN",
    ],
    [
      "the flags of a file",
      1301,
      "= 0x802 (flags O_RDWR|O_NONBLOCK)",
      "= 0x2 (flags O_RDWR)",
      "fcntl: the result: expected 2, got 2050",
    ],
    ["bytes taken", 1354, ") = 2 <", ") = 1 <", "sendto: the result: expected 1, got 2"],
    [
      "an event's bits",
      1309,
      "[{events=EPOLLIN,",
      "[{events=EPOLLIN|EPOLLOUT,",
      "epoll_wait: event 1 of 1: expected EPOLLIN|EPOLLOUT with data 140028818751495, got EPOLLIN with data 140028818751495",
    ],
    [
      "an event's data",
      1312,
      "u64=7}",
      "u64=8}",
      "epoll_wait: event 1 of 1: expected EPOLLIN|EPOLLOUT with data 8, got EPOLLOUT with data 7",
    ],
    [
      "an event too many",
      1353,
      "[{events=EPOLLOUT, data={u32=8, u64=140028818751496}}]",
      "[{events=EPOLLOUT, data={u32=8, u64=140028818751496}}, {events=EPOLLOUT, data={u32=8, u64=140028818751496}}]",
      "epoll_wait: event 2 of 2: expected EPOLLOUT with data 140028818751496, got none",
    ],
    ["an address", 1296, "[128 => 2]", "[128 => 16]", "getsockname: the address's length: expected 16, got 2"],
    ["a position", 122, "= 54 <", "= 55 <", "lseek: the result: expected 55, got 54"],
    [
      "that a file is there",
      5,
      "ENOENT (No such file or directory)",
      "EEXIST (File exists)",
      "openat: the result: expected EEXIST, got ENOENT",
    ],
  ])("%s", async (_what, line, from, to, expected) => {
    const replay = await changed(python, line, from, to);
    expect(differences(replay)).toEqual([`${line} ${expected}`]);
    expect(replay.firstMismatch?.call.line).toBe(line);
    expect(replay.tally.matched).toBe(3035);
  });
});

test("events in another order are found", async () => {
  const text = /\[(\{events=EPOLLIN, data=\{u32=4, u64=4\}\}), (\{events=EPOLLIN, data=\{u32=7, u64=\d+\}\})\]/;
  const replay = await changed(python, 1326, text, "[$2, $1]");
  expect(replay.firstMismatch?.call.line).toBe(1326);
  expect(replay.firstMismatch?.difference?.what).toBe("event 1 of 2");
  expect(replay.tally.mismatched).toBe(1);
});

test("a wrong descriptor number is found, and set right for the calls behind it", async () => {
  const replay = await changed(python, 1289, ") = 4<TCP:", ") = 14<TCP:");
  const [first] = differences(replay);
  expect(first).toBe("1289 socket: the result: expected 14, got 4");
  expect(replay.firstMismatch?.resynchronized).toBe("descriptor 14 was made to stand for it");
});

test("a wrong pair of descriptors is found, and set right for the calls behind it", async () => {
  const replay = await changed(
    "threads-and-signals",
    168,
    "[6<pipe:[252216]>, 7<pipe:[252216]>]",
    "[7<pipe:[252216]>, 6<pipe:[252216]>]",
  );
  expect(differences(replay)[0]).toBe("168 pipe2: the descriptors: expected [7, 6], got [6, 7]");
});

test("a wait that reports what nothing has made true is found, and its task goes on", async () => {
  // Nobody has written to this pair yet, which has both ends inside.
  const replay = await changed(
    python,
    1304,
    "[{events=EPOLLIN, data={u32=4, u64=4}}]",
    "[{events=EPOLLIN, data={u32=5, u64=140028818751493}}]",
  );
  expect(replay.firstMismatch?.call.line).toBe(1304);
  expect(replay.firstMismatch?.difference?.got).toBe("none: the task sleeps on");
  expect(replay.firstMismatch?.resynchronized).toBe("its sleep was interrupted");
  expect(replay.tally.mismatched).toBe(1);
});

test("a missing call is found at the first call that needs it", async () => {
  const lines = recording(python).split("\n");
  // The EPOLL_CTL_ADD of the listening socket.
  lines.splice(1301, 1);
  const replay = await replayStrace(lines.join("\n"), { name: python });
  expect(replay.firstMismatch?.call.name).toBe("epoll_wait");
  expect(replay.firstMismatch?.call.line).toBe(1303);
});
