import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bigintOf,
  bitsOf,
  bytesOf,
  descriptorOf,
  fieldOf,
  flagNames,
  numberOf,
} from "../../../lib/trace/strace/access.ts";
import { printArguments, printValue } from "../../../lib/trace/strace/print.ts";
import { parseStrace } from "../../../lib/trace/strace/strace.ts";
import type { StraceAnnotation, StraceField, StraceValue } from "../../../lib/trace/strace/types.ts";

function parse(text: string): StraceValue[] {
  return parseStrace(`call(${text}) = 0\n`).calls[0]?.args ?? [];
}

function annotation(text: string): StraceAnnotation | undefined {
  const [value] = parse(`3<${text}>`);
  return value?.kind === "fd" ? value.annotation : undefined;
}

describe("chosen values are read and printed back", () => {
  test.each([
    [
      "NULL, -1, 0, 022, 0x7fff, 18446744073709551615, 000",
      ["null", "integer", "integer", "integer", "integer", "integer", "integer"],
    ],
    ["EPOLLIN|EPOLLET|0x100000, EPOLL_CTL_ADD, 0x4d /* EPOLL_CTL_??? */", ["flags", "name", "integer"]],
    [
      "{events=EPOLLIN, data={u32=4, u64=140732205895956}}, [...], {st_mode=S_IFREG|0644, ...}",
      ["struct", "array", "struct"],
    ],
    ['"", ""..., "a\\n\\0\\377\\"\\\\"..., @"bus"', ["string", "string", "string", "string"]],
    ["[112 => 16], {flags=CLONE_VM} => {parent_tid=[12]}", ["array", "change"]],
    ["[HUP INT], ~[], ~[RTMIN RT_1], [3 4]", ["array", "array", "array", "array"]],
    ['{sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}', ["struct"]],
    ['{sin6_port=htons(1), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}', ["struct"]],
    ["[{WIFEXITED(s) && WEXITSTATUS(s) == 0}], [{WIFSTOPPED(s) && WSTOPSIG(s) == SIGTRAP|0x80}]", ["array", "array"]],
    [
      "{rlim_cur=8192*1024, rlim_max=RLIM64_INFINITY}, 1<<CAP_CHOWN|1<<CAP_KILL, 21<<MAP_HUGE_SHIFT",
      ["struct", "flags", "operation"],
    ],
    ["SNDCTL_TMR_TIMEBASE or TCGETS, {B38400 opost -isig icanon echo ...}", ["operation", "struct"]],
    ["child_stack=NULL, flags=CLONE_VM|SIGCHLD, c_cc[VMIN]=1, [[1]=2, [X]=3]", ["named", "named", "named", "array"]],
    ["<... resuming interrupted clock_nanosleep ...>, ???, ...", ["opaque", "opaque", "opaque"]],
    ["st_atime=1795376896 /* 2026-11-22T19:48:16.634004872+0000 */, 2016-01-01T00:00:00+0000", ["named", "opaque"]],
    ["[[{nla_len=10}, 02:a8:8a:6b:7f:93], [/* 39 vars */]]", ["array"]],
    [
      'AT_FDCWD</srv/app>, 3</dev/null<char 1:3>>, 4</tmp/x>(deleted), 5<UNIX-STREAM:[1->2,"/a]>b"]>',
      ["fd", "fd", "fd", "fd"],
    ],
    ["FUTEX_OP_SET<<28|0<<12|FUTEX_OP_CMP_GT<<24|0x1, _IOC(_IOC_READ|_IOC_WRITE, 0x54, 0x1, 0x4)", ["flags", "macro"]],
  ])("%s", (text, kinds) => {
    const args = parse(text);
    expect(args.map((arg) => arg.kind)).toEqual(kinds);
    expect(printArguments(args)).toBe(text);
  });

  test("an empty argument list has no arguments", () => {
    expect(parse("")).toEqual([]);
  });
});

describe("a descriptor's annotation tells", () => {
  test.each<[string, object]>([
    ["anon_inode:[eventpoll]", { kind: "anonymous", name: "eventpoll" }],
    ["anon_inode:inotify", { kind: "anonymous", name: "inotify" }],
    ["pipe:[161787]", { kind: "pipe", inode: 161787 }],
    ["socket:[7]", { kind: "socket", inode: 7 }],
    ["UNIX-STREAM:[161788->161789]", { kind: "unix", type: "STREAM", inode: 161788, peer: 161789 }],
    ['UNIX-DGRAM:[5,@"bus"]', { kind: "unix", type: "DGRAM", inode: 5, path: "bus", abstract: true }],
    ['UNIX-STREAM:[5->6,"/run/x"]', { kind: "unix", inode: 5, peer: 6, path: "/run/x" }],
    ["TCP:[182614]", { kind: "inet", protocol: "TCP", inode: 182614 }],
    ["TCP:[127.0.0.1:18379]", { kind: "inet", protocol: "TCP", local: { host: "127.0.0.1", port: 18379 } }],
    [
      "TCPv6:[[::1]:80->[::ffff:1.2.3.4]:333]",
      {
        kind: "inet",
        protocol: "TCPv6",
        local: { host: "::1", port: 80 },
        remote: { host: "::ffff:1.2.3.4", port: 333 },
      },
    ],
    ["/tmp/a (deleted)", { kind: "file", path: "/tmp/a", deleted: true }],
    ["/tmp/a-", { kind: "file", path: "/tmp/a-", deleted: false }],
    ["/dev/sda<block 8:0>", { kind: "device", path: "/dev/sda", type: "block", major: 8, minor: 0 }],
    ["NETLINK:[ROUTE:12]", { kind: "other", text: "NETLINK:[ROUTE:12]" }],
    ["pid:12", { kind: "other", text: "pid:12" }],
  ])("%s", (text, expected) => {
    expect(annotation(text)).toMatchObject({ ...expected, text });
  });
});

describe("accessors", () => {
  const [ep, op, fd, event] = parse(
    "5<anon_inode:[eventpoll]>, EPOLL_CTL_ADD, 7, {events=EPOLLIN|0x10, data={u64=18446744073709551615}}",
  );

  test("find descriptors with and without annotation, and the working directory", () => {
    expect([ep, fd, op, ...parse("AT_FDCWD, AT_FDCWD</srv>")].map(descriptorOf)).toEqual([5, 7, undefined, -100, -100]);
  });

  test("find members, bits and names of flags, and exact 64-bit numbers", () => {
    expect(bitsOf(fieldOf(event, "events"), { EPOLLIN: 1 })).toBe(0x11);
    expect(bitsOf(fieldOf(event, "events"), { EPOLLOUT: 4 })).toBeUndefined();
    expect(flagNames(fieldOf(event, "events"))).toEqual(["EPOLLIN"]);
    expect(bigintOf(fieldOf(fieldOf(event, "data"), "u64"))).toBe(0xffff_ffff_ffff_ffffn);
    expect(numberOf(fieldOf(fieldOf(event, "data"), "u64"))).toBeUndefined();
    expect(numberOf(parse("8192*1024")[0])).toBe(8 << 20);
  });

  test("give the bytes of a string", () => {
    expect(bytesOf(parse('"\\0\\377a\\x0a"')[0])).toEqual(Uint8Array.of(0, 255, 97, 10));
  });
});

const word = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,12}$/).filter((name) => name !== "NULL");
const member = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
const text = fc.uint8Array({ maxLength: 12 }).map((bytes) => String.fromCharCode(...bytes));
const integer = fc.oneof(
  fc.record({ kind: fc.constant("integer" as const), value: fc.maxSafeInteger(), base: fc.constant(10 as const) }),
  fc.record({
    kind: fc.constant("integer" as const),
    value: fc.maxSafeNat(),
    base: fc.constantFrom(8 as const, 16 as const),
  }),
  fc
    .bigInt({ min: 1n << 53n, max: (1n << 64n) - 1n })
    .map((value) => ({ kind: "integer" as const, value, base: 16 as const })),
);
const name = word.map((name) => ({ kind: "name" as const, name }));
const { value: anyValue } = fc.letrec<{ value: StraceValue; field: StraceField; array: StraceValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    integer,
    name,
    fc.constant({ kind: "null" as const }),
    fc.record({ kind: fc.constant("string" as const), text, truncated: fc.boolean() }),
    fc
      .array(fc.oneof(name, integer), { minLength: 2, maxLength: 5 })
      .map((terms) => ({ kind: "flags" as const, terms })),
    fc.record({ kind: fc.constant("macro" as const), name: member, args: fc.array(tie("value"), { maxLength: 3 }) }),
    tie("array"),
    fc.record({
      kind: fc.constant("struct" as const),
      fields: fc.array(tie("field"), { maxLength: 4 }),
      abbreviated: fc.boolean(),
      spaced: fc.constant(false),
    }),
  ),
  field: fc.record({ name: member, value: tie("value") }),
  array: fc.record({
    kind: fc.constant("array" as const),
    elements: fc.array(tie("value"), { maxLength: 4 }),
    abbreviated: fc.boolean(),
    complement: fc.boolean(),
    spaced: fc.constant(false),
  }),
}));

test("every value reads as what it was printed from", () => {
  fc.assert(
    fc.property(fc.array(anyValue, { maxLength: 4 }), (values) => {
      expect(parse(values.map(printValue).join(", "))).toEqual(values);
    }),
    { numRuns: 1000 },
  );
});

test("every string of bytes reads as what it was printed from", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const printed = printValue({ kind: "string", text: String.fromCharCode(...bytes), truncated: false });
      expect(bytesOf(parse(printed)[0])).toEqual(bytes);
    }),
  );
});
