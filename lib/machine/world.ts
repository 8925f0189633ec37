import { type ErrnoName, errnoName } from "./errno.ts";
import { InputKind, MAX_PAYLOAD } from "./journal.ts";
import { checkNames, describe } from "./call.ts";
import { type Decoded, type Ptr, fieldOffset } from "./memory.ts";
import type { Machine } from "./machine.ts";
import { WorldDisk } from "./world_disk.ts";
import { bytesOf } from "./user_memory.ts";
import { hex } from "./digest.ts";
import { layout } from "../layout.gen.ts";

const STATES = new Map<number, string>(
  Object.entries(layout.enums.TcpState.values).map(([name, value]) => [value, name.toLowerCase()]),
);

const RECEIVED = fieldOffset("Peer", "received");
const RECEIVED_AT = fieldOffset("Peer", "received_at");

/** What somebody outside has received. */
export class Received {
  readonly #machine: Machine;
  readonly #peer: Peer;

  constructor(machine: Machine, peer: Peer) {
    this.#machine = machine;
    this.#peer = peer;
  }

  /** Number of bytes. */
  get length(): number {
    return this.#number(RECEIVED);
  }

  /** When bytes last came; 0: none has. Unit: ns since boot. */
  get lastAt(): number {
    return this.#number(RECEIVED_AT);
  }

  #number(offset: number): number {
    const { engine, memory } = this.#machine;
    const at = engine.exports.wire_peer(this.#peer.handle) >>> 0;
    return at === 0 ? 0 : memory.number64(at + offset);
  }

  /** What was received, digested: what `digestOf()` says of the same bytes. @throws Error if the bytes are kept. */
  get digest(): string {
    if (this.#keeps)
      throw new Error("this peer keeps what it receives: digestOf(received.bytes()), or { keep: false }");
    return hex(this.#machine.engine.exports.wire_digest(this.#peer.handle));
  }

  /** Whether the bytes are there to be read. */
  get #keeps(): boolean {
    const first = this.#peer.struct?.received_first ?? 0;
    return first === 0 || this.#machine.memory.get("PeerChunk", first, "size") > 0;
  }

  /** The bytes, from `start` up to `end`. @throws Error if the peer was made with `{ keep: false }`. */
  bytes(start = 0, end = this.length): Uint8Array<ArrayBuffer> {
    if (!this.#keeps)
      throw new Error("this peer was made with { keep: false }: it has a length and a digest, no bytes");
    return this.#machine.engine.loadReceived(this.#peer.handle, start, Math.max(0, Math.min(end, this.length) - start));
  }

  /** The bytes as text (UTF-8). */
  text(): string {
    return new TextDecoder().decode(this.bytes());
  }

  toString(): string {
    return this.text();
  }
}

/** The other end of a connection, outside the machine: it reads whatever comes, at once. */
export class Peer {
  /** Its number. */
  readonly handle: number;
  /** The port that it has connected to, or that it was found at. */
  readonly port: number;
  /** What it has received so far. */
  readonly received: Received;
  readonly #machine: Machine;

  constructor(machine: Machine, handle: number, port: number) {
    this.#machine = machine;
    this.handle = handle;
    this.port = port;
    this.received = new Received(machine, this);
  }

  /** Its struct Peer; undefined where the machine stands at a time before the peer was there. @internal */
  get struct(): Decoded<"Peer"> | undefined {
    const at = (this.#machine.engine.exports.wire_peer(this.handle) >>> 0) as Ptr<"Peer">;
    return at === 0 ? undefined : this.#machine.memory.read("Peer", at);
  }

  /** State of its connection: `syn_sent`, `established`, `close`, ...; "absent" at a time before it was there. */
  get state(): string {
    const { struct } = this;
    return struct ? (STATES.get(struct.state) ?? String(struct.state)) : "absent";
  }

  /** Why the connection failed: `ECONNREFUSED`, `ECONNRESET`; null: it did not. */
  get error(): ErrnoName | null {
    return errnoName(-(this.struct?.error ?? 0));
  }

  /** How much more it takes before it stops reading. Unit: bytes. Setting it lets it read on; 0: as much as comes. */
  get window(): number {
    return this.struct?.window ?? 0;
  }

  set window(bytes: number) {
    this.#input(InputKind.WIRE_WINDOW, checkCount("window", bytes, 0xffff_ffff));
  }

  /** Sends bytes, or text as UTF-8. @returns 0, or -EPIPE if it cannot send (any more), -ENOMEM. */
  send(data: string | Uint8Array): number {
    const bytes = bytesOf(data);
    for (let done = 0; done < bytes.length; done += MAX_PAYLOAD) {
      const part = bytes.subarray(done, done + MAX_PAYLOAD);
      const failed = this.#input(InputKind.WIRE_SEND, part.length, part);
      if (failed < 0) return failed;
    }
    return 0;
  }

  /** Says, behind what it has sent, that it will send no more. @returns 0, -EPIPE or -ENOMEM. */
  shutdown(): number {
    return this.#input(InputKind.WIRE_SHUTDOWN);
  }

  /** Closes: data that still comes is answered with a reset. @returns 0, -EBADF or -ENOMEM. */
  close(): number {
    return this.#input(InputKind.WIRE_CLOSE);
  }

  /** Breaks the connection off. @returns 0, -EBADF or -ENOMEM. */
  reset(): number {
    return this.#input(InputKind.WIRE_RESET);
  }

  #input(kind: number, argument = 0, bytes?: Uint8Array): number {
    return this.#machine.input(kind, 0, 0, [this.handle, argument], bytes, false);
  }
}

/** A server outside the machine. */
export class Listener {
  readonly port: number;
  readonly #machine: Machine;
  readonly #peers: Peer[] = [];

  constructor(machine: Machine, port: number) {
    this.#machine = machine;
    this.port = port;
  }

  /** The connections that it has taken, oldest first. */
  get peers(): readonly Peer[] {
    const { exports } = this.#machine.engine;
    let count = 0;
    for (
      let handle = exports.wire_accepted(this.port, 0);
      handle > 0;
      handle = exports.wire_accepted(this.port, count)
    ) {
      if (this.#peers[count]?.handle !== handle) this.#peers[count] = new Peer(this.#machine, handle, this.port);
      count++;
    }
    return this.#peers.slice(0, count);
  }
}

/** What a file holds: bytes made from a seed. */
export interface FileContent {
  /** Unit: bytes. */
  readonly size: number;
  readonly seed?: number;
}

/** What a client outside is like. */
export interface PeerOptions {
  /** How much it receives before it stops reading. Unit: bytes; 0: it reads whatever comes. */
  readonly window?: number;
  /** Whether it keeps what it receives; if not, it counts and digests that. Default: true. */
  readonly keep?: boolean;
}

/** Which packets are lost on the wire. */
export interface Loss {
  /** "out": on the way from the machine; "in": to it. Default: "out". */
  readonly direction?: "in" | "out";
  /** So many of the next packets that carry data or begin or end a connection; 0: none any more. */
  readonly count: number;
}

/** The network card, and the wire behind it. */
export class WorldNic {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /**
   * The next packets are lost on the wire. Their sender sends them again, when nobody has answered for a while.
   * Acknowledgements alone are not lost.
   */
  drop(loss: Loss | number): void {
    const { direction = "out", count } = typeof loss === "object" && loss !== null ? loss : { count: loss };
    if (direction !== "in" && direction !== "out") {
      throw new TypeError(`direction is "in" or "out", not ${describe(direction)}`);
    }
    const args = [direction === "out" ? 1 : 0, checkCount("count", count, 0xffff_ffff)];
    this.#machine.input(InputKind.WIRE_DROP, 0, 0, args, undefined, false);
  }
}

/** Everything outside the machine. What it does is an input, and is journalled. */
export class World {
  /** The network card, and the wire behind it. */
  readonly nic: WorldNic;
  /** The disk. */
  readonly disk: WorldDisk;
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.nic = new WorldNic(machine);
    this.disk = new WorldDisk(machine);
  }

  /**
   * A client connects to a port of the machine.
   *
   * @param options.window  how much it receives before it stops reading, in bytes; 0: it reads whatever comes.
   * @param options.keep    false: it counts and digests what it receives instead of keeping it, for very much data.
   */
  connect(port: number, options: PeerOptions = {}): Peer {
    checkNames("option of connect()", options, ["window", "keep"]);
    const window = checkCount("window", options.window ?? 0, 0xffff_ffff);
    const digests = checkKeep(options.keep) ? 0 : 1;
    const handle = this.#input(InputKind.WIRE_CONNECT, [checkCount("port", port, 0xffff), window, digests]);
    return new Peer(this.#machine, handle, port);
  }

  /** As connect(), `count` times. */
  connectMany(port: number, count: number, options: PeerOptions = {}): Peer[] {
    return Array.from({ length: checkCount("count", count, 0xffff_ffff) }, () => this.connect(port, options));
  }

  /** The client or connection with a number, such as one that another machine of the same past has made. */
  peer(handle: number): Peer {
    const peer = new Peer(this.#machine, handle, 0);
    const { struct } = peer;
    if (!struct) throw new RangeError(`there is no peer ${handle}`);
    return new Peer(this.#machine, handle, struct.server === 0 ? struct.dport : struct.port);
  }

  /**
   * A server listens at a port.
   *
   * @param options.keep  false: its connections count and digest what they receive instead of keeping it.
   */
  listen(port: number, options: { readonly keep?: boolean } = {}): Listener {
    checkNames("option of listen()", options, ["keep"]);
    const args = [checkCount("port", port, 0xffff), checkKeep(options.keep) ? 0 : 1];
    this.#input(InputKind.WIRE_LISTEN, args, undefined, `port ${port}`);
    return new Listener(this.#machine, port);
  }

  /** A file appears in the machine's file system: with these bytes (text as UTF-8), or with bytes made from a seed. */
  file(path: string, content: FileContent | string | Uint8Array): void {
    if (typeof path !== "string") throw new TypeError(`a path is a string, not ${describe(path)}`);
    if (typeof content === "string" || content instanceof Uint8Array) {
      this.#fileOf(path, bytesOf(content));
      return;
    }
    if (typeof content !== "object" || content === null) {
      throw new TypeError(`a file holds { size, seed? }, a string or a Uint8Array, not ${describe(content)}`);
    }
    checkNames("part of a file", content, ["size", "seed"]);
    const name = bytesOf(path);
    const { size, seed = 0 } = content;
    const args = [
      checkCount("size", size, Number.MAX_SAFE_INTEGER),
      checkCount("seed", seed, Number.MAX_SAFE_INTEGER),
      name.length,
    ];
    this.#input(InputKind.CREATE_FILE, args, name, path);
  }

  #fileOf(path: string, bytes: Uint8Array): void {
    this.file(path, { size: 0 });
    const name = bytesOf(path);
    const most = MAX_PAYLOAD - name.length;
    for (let done = 0; done < bytes.length; done += most) {
      const part = bytes.subarray(done, done + most);
      const payload = new Uint8Array(name.length + part.length);
      payload.set(name);
      payload.set(part, name.length);
      this.#input(InputKind.FILL_FILE, [done, part.length, name.length], payload, path);
    }
  }

  /**
   * Does something later.
   *
   * @param time  ns of virtual time since boot.
   * @param act   called at that time with the world of the machine that it is to act on.
   */
  at(time: number, act: (world: World) => void): void {
    if (typeof act !== "function") throw new TypeError(`at() is given what to do, a function, not ${describe(act)}`);
    const id = this.#machine.journal.length;
    this.#input(InputKind.WIRE_TIMER, [checkCount("time", time, Number.MAX_SAFE_INTEGER), id]);
    this.#machine.timers.set(id, act);
  }

  #input(kind: number, args: readonly number[], bytes?: Uint8Array, what = "this"): number {
    const answer = this.#machine.input(kind, 0, 0, args, bytes, false);
    if (answer < 0) throw new RangeError(`the machine says ${errnoName(answer) ?? answer} to ${what}`);
    return answer;
  }
}

function checkKeep(keep: unknown = true): boolean {
  if (typeof keep === "boolean") return keep;
  throw new TypeError(`keep is true or false, not ${describe(keep)}`);
}

function checkCount(name: string, value: number, most: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new RangeError(`${name} is a whole number from 0 to ${most}, not ${describe(value)}`);
}
