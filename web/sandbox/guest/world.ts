import { bytesOf } from "../../../lib/machine/user_memory.ts";
import { describe } from "../../../lib/machine/call.ts";
import type { DiskFailure } from "../../../lib/machine/world_disk.ts";
import type { FileContent, Loss, PeerOptions } from "../../../lib/machine/world.ts";
import { numberOf } from "./functions.ts";
import { act, bufferOf } from "./host.ts";

/** What somebody outside has received: see the library's own. */
class Received {
  readonly #peer: number;

  constructor(peer: number) {
    this.#peer = peer;
  }

  get length(): number {
    return act("received.length", { peer: this.#peer }) as number;
  }

  get digest(): string {
    return act("received.digest", { peer: this.#peer }) as string;
  }

  bytes(start = 0, end?: number): Uint8Array {
    return act("received.bytes", { peer: this.#peer, start, end }) as Uint8Array;
  }

  text(): string {
    return new TextDecoder().decode(this.bytes());
  }

  toString(): string {
    return this.text();
  }
}

/** The other end of a connection, outside the machine. */
class Peer {
  readonly handle: number;
  readonly port: number;
  readonly received: Received;

  constructor(handle: number, port: number) {
    this.handle = handle;
    this.port = port;
    this.received = new Received(handle);
  }

  get state(): string {
    return act("peer.state", { peer: this.handle }) as string;
  }

  get error(): string | null {
    return act("peer.error", { peer: this.handle }) as string | null;
  }

  get window(): number {
    return act("peer.window", { peer: this.handle }) as number;
  }

  set window(bytes: number) {
    act("peer.setWindow", { peer: this.handle, bytes });
  }

  send(data: string | Uint8Array): number {
    return act("peer.send", { peer: this.handle }, bufferOf(bytesOf(data))) as number;
  }

  shutdown(): number {
    return act("peer.shutdown", { peer: this.handle }) as number;
  }

  close(): number {
    return act("peer.close", { peer: this.handle }) as number;
  }

  reset(): number {
    return act("peer.reset", { peer: this.handle }) as number;
  }
}

/** A server outside the machine. */
class Listener {
  readonly port: number;

  constructor(port: number) {
    this.port = port;
  }

  get peers(): readonly Peer[] {
    return (act("listener.peers", { port: this.port }) as number[]).map((handle) => new Peer(handle, this.port));
  }
}

/** Everything outside the machine. */
class World {
  readonly nic = {
    drop(loss: Loss | number): void {
      act("nic.drop", { loss });
    },
  };
  readonly disk = {
    failNext(failure: DiskFailure): void {
      act("disk.failNext", { failure });
    },
    read(path: string, start = 0, end?: number): Uint8Array {
      return act("disk.read", { path, start, end }) as Uint8Array;
    },
  };

  connect(port: number, options: PeerOptions = {}): Peer {
    return new Peer(act("connect", { port, options }) as number, port);
  }

  connectMany(port: number, count: number, options: PeerOptions = {}): Peer[] {
    const peers: Peer[] = [];
    for (let i = 0; i < count; i++) peers.push(this.connect(port, options));
    return peers;
  }

  peer(handle: number): Peer {
    return new Peer(handle, act("peer.port", { peer: handle }) as number);
  }

  listen(port: number, options: { readonly keep?: boolean } = {}): Listener {
    act("listen", { port, options });
    return new Listener(port);
  }

  file(path: string, content: FileContent | string | Uint8Array): void {
    if (typeof content === "string" || content instanceof Uint8Array) act("fill", { path }, bufferOf(bytesOf(content)));
    else act("file", { path, content });
  }

  at(time: number, then: (world: World) => void): void {
    if (typeof then !== "function") throw new TypeError(`at() is given what to do, a function, not ${describe(then)}`);
    act("at", { time, timer: numberOf(then) });
  }
}

/** The world of the one machine that there is here. */
export const world = new World();

/** A task that was made from outside. */
export class Task {
  readonly pid: number;
  readonly name: string;

  constructor(pid: number, name: string) {
    this.pid = pid;
    this.name = name;
  }

  get state(): string {
    return act("task.state", { pid: this.pid }) as string;
  }

  signal(signo: number): number {
    return act("task.signal", { pid: this.pid, signo }) as number;
  }
}
