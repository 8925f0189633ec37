import { type Socket, createConnection } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Client, bytes } from "./client.mjs";
import { MAX_ARGUMENTS, MAX_MESSAGE, readMessage } from "../../lib/serve/protocol.ts";
import { mkdtemp, rm } from "node:fs/promises";
import type { Kernel } from "../../lib/index.ts";
import { MachineServer } from "../../lib/serve/server.ts";
import { boot } from "../support/boot.ts";
import { join } from "node:path";
import { once } from "node:events";
import { tmpdir } from "node:os";

let folder = "";
let path = "";
let kernel: Kernel;
let server: MachineServer;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "iopath-serve-"));
  path = join(folder, "socket");
  kernel = await boot();
  server = new MachineServer(kernel);
  await server.listen(path);
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function connected(): Promise<Socket> {
  const socket = createConnection(path);
  await once(socket, "connect");
  return socket;
}

describe("a message that cannot be followed is answered with what was expected:", () => {
  test.each([
    ["{", "a message is one JSON object on a line of its own, not {"],
    ["[]", "a message is a JSON object, not []"],
    ["null", "a message is a JSON object, not null"],
    ["{}", "id is a whole number, not nothing"],
    ['{"id":1}', "op is one of hello, call, reserve, signal, clock, now, exit, not nothing"],
    ['{"id":1,"op":"toString"}', "op is one of hello, call, reserve"],
    ['{"id":1,"op":"now","then":2}', 'now has id, op, but not "then"'],
    ['{"id":1,"op":"hello","version":9}', "version is 1, not 9"],
    ['{"id":1,"op":"hello","name":7}', "name is a text, not 7"],
    ['{"id":1,"op":"hello","files":"both"}', 'files is "shared" or "copied", not "both"'],
    ['{"id":1,"op":"hello","parent":-1}', "parent is a whole number from 1 to 2147483647, not -1"],
    ['{"id":1,"op":"call"}', "call is the name or the number of a system call, not nothing"],
    ['{"id":1,"op":"call","call":"read","args":"3"}', 'args is a list of at most 6 arguments, not "3"'],
    ['{"id":1,"op":"call","call":"read","args":[1,2,3,4,5,6,7]}', "args is a list of at most 6 arguments"],
    ['{"id":1,"op":"call","call":"read","args":[1.5]}', "argument 1 is 1.5; it is a whole number"],
    ['{"id":1,"op":"call","call":"read","args":[0,null]}', "argument 2 is null; it is a whole number"],
    ['{"id":1,"op":"call","call":"read","args":["18446744073709551616"]}', "argument 1 is"],
    ['{"id":1,"op":"call","call":"read","args":[{"in":"???"}]}', 'argument 1: bytes are base64, not "???"'],
    ['{"id":1,"op":"call","call":"read","args":[{"out":-1}]}', 'argument 1 is {"out":-1}'],
    ['{"id":1,"op":"call","call":"read","args":[{"out":1e15}]}', "the arguments of a call take at most 16777216 bytes"],
    ['{"id":1,"op":"call","call":"readv","args":[{"iov":7}]}', "argument 1: a list of at most 1024 pieces, not 7"],
    ['{"id":1,"op":"signal","signo":65}', "signo is a whole number from 1 to 64, not 65"],
    ['{"id":1,"op":"clock","holds":1}', "holds is true or false, not 1"],
    ['{"id":1,"op":"exit","code":1e9}', "code is a whole number from 0 to 255, not 1000000000"],
  ])("%s", (line, message) => {
    expect(() => readMessage(line)).toThrow(message);
  });
});

test("numbers beyond 2^53 are decimal text, and bytes base64", () => {
  const line =
    '{"id":1,"op":"call","call":0,"args":["18446744073709551615","-9223372036854775808",{"in":"aGk=","back":true}]}';
  expect(readMessage(line).request).toEqual({
    op: "call",
    call: 0,
    args: [2n ** 64n - 1n, -(2n ** 63n), { in: new Uint8Array([104, 105]), back: true, atEnd: false }],
  });
});

test("what the machine does not take is said, and the client goes on", async () => {
  const client = await Client.connect({ name: "clumsy" }, path);
  const mistakes: [request: object, message: string][] = [
    [{ op: "hello" }, "this client is task 1 already"],
    [{ op: "call", call: "no_such_call" }, "no_such_call"],
    [{ op: "signal", task: 9, signo: 1 }, "there is no task 9"],
  ];
  for (const [request, message] of mistakes) await expect(client.request(request)).rejects.toThrow(message);
  expect((await client.call("getpid")).value).toBe(1);
  // An address that nobody has mapped is the kernel's business.
  const EFAULT = 14;
  const made = await client.call("pipe2", 1, 0);
  expect(made.value).toBe(-EFAULT);
  client.close();
});

test("a second call while a task sleeps in one is refused", async () => {
  const client = await Client.connect({}, path);
  const made = await client.call("pipe2", { out: 8 }, 0);
  const [reader, writer] = [0, 4].map((at) => made.out[0]!.readInt32LE(at));
  const other = await Client.connect({ parent: client.task }, path);
  const asleep = client.call("read", reader, { out: 8 }, 8);
  await expect(client.call("getpid")).rejects.toThrow("the task is still in the call with the id 3");
  await other.call("write", writer, bytes("x"), 1);
  expect((await asleep).value).toBe(1);
  client.close();
  other.close();
});

test("a client that has not said hello, or says who it is not, gets no task", async () => {
  const client = new Client(path);
  await expect(client.call("getpid")).rejects.toThrow('a client begins with { "op": "hello" }');
  await expect(client.request({ op: "hello", task: 5 })).rejects.toThrow("there is no task 5");
  await expect(client.request({ op: "hello", parent: 5 })).rejects.toThrow("there is no task 5");
  const other = await Client.connect({}, path);
  await expect(client.request({ op: "hello", task: other.task })).rejects.toThrow("task 1 has a client already");
  client.close();
  other.close();
});

test("a message without end is cut off, and others do not notice", async () => {
  const quiet = await Client.connect({ name: "quiet" }, path);
  const loud = await connected();
  loud.on("error", () => {});
  const answered = new Promise<string>((resolve) => loud.once("data", (data: Buffer) => resolve(data.toString())));
  const piece = Buffer.alloc(1 << 20, "x");
  for (let sent = 0; sent <= MAX_MESSAGE; sent += piece.length) loud.write(piece);
  expect(await answered).toContain(`a message has at most ${MAX_MESSAGE} bytes`);
  expect((await quiet.call("getpid")).value).toBe(1);
  quiet.close();
});

test("a client that vanishes in the middle of a message or a call leaves nothing behind", async () => {
  const socket = await connected();
  socket.write('{"id":1,"op":"hello"}\n{"id":2,"op":"call","call":"pipe2","args":[{"out":8},0]}\n');
  socket.write('{"id":3,"op":"call","call":"read","args":[0,{"out":8},8]}\n{"id":4,"op":"ca');
  await once(socket, "data");
  socket.destroy();
  await server.ended;
  expect(kernel.tasks.map(({ state }) => state)).toEqual(["zombie"]);
  expect(kernel.check()).toEqual([]);
  expect([...kernel.inspect().objects.values()].filter(({ struct }) => struct === "File")).toEqual([]);
});

test("many calls at once are answered in their order, to a client that reads late", async () => {
  const socket = await connected();
  socket.pause();
  const count = 20_000;
  const lines = Array.from({ length: count }, (_, i) => `{"id":${i},"op":"${i === 0 ? "hello" : "now"}"}\n`);
  socket.write(lines.join(""));
  let text = "";
  socket.on("data", (data: Buffer) => (text += data.toString()));
  socket.resume();
  socket.end();
  await once(socket, "close");
  const ids = text
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { id: number }).id);
  expect(ids).toEqual(Array.from({ length: count }, (_, i) => i));
  await server.ended;
});

test("large arguments pass, up to what a call may have", async () => {
  const client = await Client.connect({}, path);
  const made = await client.call("pipe2", { out: 8 }, 0x800);
  const writer = made.out[0]!.readInt32LE(4);
  const half = MAX_ARGUMENTS / 2;
  expect((await client.call("write", writer, bytes(Buffer.alloc(half)), half)).value).toBe(65_536);
  client.close();
});
