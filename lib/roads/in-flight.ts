import { AF_INET, O_RDONLY, O_WRONLY, SOCK_STREAM } from "../machine/constants.ts";
import type { BootOptions } from "../machine/options.ts";
import { describe } from "../machine/call.ts";
import { Kernel } from "../kernel.ts";
import type { Program } from "../machine/program.ts";
import type { UserBuffer } from "../machine/user_memory.ts";
import type { Road } from "./road.ts";

/** What is changed while bytes of it wait in the socket: the file, or the program's own memory that they went through. */
export type Changed = "file" | "buffer";

/** A change on the way. */
export interface ChangeInFlight {
  readonly what: Changed;
  /** Length of the file: it must fit into what a socket keeps for its receiver. Unit: bytes. */
  readonly size: number;
  /** The machine; a road's own needs of the devices come on top. */
  readonly boot?: BootOptions;
}

/** Bytes that have arrived one after another, as they were before the change or as they are after it. */
export interface ArrivedStretch {
  /** Unit: bytes. */
  readonly from: number;
  /** Up to here. Unit: bytes. */
  readonly to: number;
  readonly are: "old" | "new";
}

/** A road on which something was changed on the way. */
export interface ChangedRoad {
  readonly kernel: Kernel;
  readonly road: string;
  /** How much had left the socket before the change. Unit: bytes. */
  readonly left: number;
  /** What has arrived, from the first byte to the last. */
  readonly arrived: readonly ArrivedStretch[];
  /** How that begins, as text. */
  readonly text: string;
  /** The last tick before the change, the last one of it, and the one at which all had arrived. */
  readonly ticks: { readonly before: number; readonly changed: number; readonly arrived: number };
}

const PORT = 80;
const PATH = "/file";
/** What the file holds, again and again, and what instead of it after the change: no letter is the same. */
const OLD = "old-";
const NEW = "NEW+";

/** As many bytes of a word, again and again. */
function repeated(word: string, size: number): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(word.repeat(Math.ceil(size / word.length)).slice(0, size));
}

/** Whether a road has what is to be changed. */
export function canChange(road: Road, what: Changed): boolean {
  return what === "file" || road.buffered === true;
}

/**
 * Sends a file along a road to a client that has stopped reading, changes what it was sent from, and lets the client
 * read on.
 *
 * @throws TypeError  if the road has no memory of the program's own that could be changed.
 * @throws Error  if less has arrived than was sent.
 */
export async function changeInFlight(road: Road, { what, size, boot = {} }: ChangeInFlight): Promise<ChangedRoad> {
  if (what !== "file" && what !== "buffer") throw new TypeError(`what is "file" or "buffer", not ${describe(what)}`);
  if (!canChange(road, what)) throw new TypeError(`${road.name}: no memory of the program is on its way`);
  const kernel = await Kernel.boot({ ...boot, device: { ...boot.device, ...road.device } });
  kernel.world.file(PATH, repeated(OLD, size));
  let buffer: UserBuffer | null = null;
  const uses = (used: UserBuffer) => void (buffer = used);
  const sender = kernel.spawn("sender", senderOn(road, size, uses));
  kernel.run();
  const peer = kernel.world.connect(PORT, { window: 1 });
  kernel.run();
  const { length: left } = peer.received;
  const before = kernel.ticks;
  const change = what === "file" ? writer(size) : storer(buffer, size);
  kernel.spawn("changer", change, what === "file" ? {} : { parent: sender, files: "shared" });
  kernel.run();
  const changed = kernel.ticks;
  peer.window = 0;
  kernel.run();
  const bytes = peer.received.bytes();
  if (bytes.length !== size) throw new Error(`${road.name}: ${bytes.length} of ${size} bytes have arrived`);
  const ticks = { before, changed, arrived: kernel.ticks };
  const text = peer.received.text().slice(0, 4 * OLD.length);
  return { kernel, road: road.name, left, arrived: stretches(bytes), text, ticks };
}

/** A program that sends the file, and keeps all open. */
function senderOn(road: Road, size: number, uses: (buffer: UserBuffer) => void): Program {
  return function* (sys) {
    const listener = yield* sys.socket(AF_INET, SOCK_STREAM);
    yield* sys.bind(listener, { port: PORT });
    yield* sys.listen(listener);
    const socket = yield* sys.accept(listener);
    const file = yield* sys.open(PATH, O_RDONLY | (road.flags ?? 0));
    const prepared = road.prepare(sys, { file, socket, size, chunk: size, uses });
    yield* (typeof prepared === "function" ? prepared : yield* prepared)();
    yield* sys.pause();
  };
}

/** A program that writes the file anew. */
function writer(size: number): Program {
  return function* (sys) {
    const file = yield* sys.open(PATH, O_WRONLY);
    yield* sys.pwrite64(file, repeated(NEW, size), size, 0);
    yield* sys.close(file);
  };
}

/** A thread of the sender that stores into its memory. */
function storer(buffer: UserBuffer | null, size: number): Program {
  return function* (sys) {
    if (buffer) yield* sys.store(buffer.address, repeated(NEW, size));
  };
}

/** The stretches of bytes that are as they were, and of those that are not. */
function stretches(bytes: Uint8Array): ArrivedStretch[] {
  const old = repeated(OLD, bytes.length);
  const found: ArrivedStretch[] = [];
  for (let from = 0, to = 0; to < bytes.length; from = to) {
    const isOld = bytes[from] === old[from];
    while (to < bytes.length && (bytes[to] === old[to]) === isOld) to++;
    found.push({ from, to, are: isOld ? "old" : "new" });
  }
  return found;
}
