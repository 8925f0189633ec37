import { ChosenPorts } from "./ports.ts";
import type { Implied, Placed } from "./implied.ts";
import type { Kernel } from "../../kernel.ts";
import type { Listener, Peer } from "../../machine/world.ts";
import type { RecordedFile } from "./recorded.ts";
import { type SocketAddress, encodeAddress } from "../../machine/sockaddr.ts";
import type { StraceCall } from "../strace/types.ts";
import type { Surroundings } from "./request.ts";

/** Payload is not recorded: this stands for every byte of it. */
const FILL = 0x78;
/** An address on the wire: a client or a server outside. */
const OUTSIDE_HOST = "10.1.0.1";
/** No more is sent at once: a recording that says so is not believed. Unit: bytes. */
const MOST_BYTES = 64 << 20;
/** The largest file. Unit: bytes. */
const MOST_SIZE = 2 ** 43;
/** Ports of servers outside that no program has asked for. */
const FIRST_SERVER = 61_000;

/** A connection whose other end is outside. */
interface Connection {
  /** null: the machine has not made it yet. */
  peer: Peer | null;
  /** Bytes that the other side has sent. */
  sent: number;
  /** Bytes that the machine's tasks have read. */
  taken: number;
}

/** The world around a machine that is replayed: what happens outside, and by which names both sides go. */
export class Outside implements Surroundings {
  readonly #kernel: Kernel;
  readonly #connections = new Map<RecordedFile, Connection>();
  readonly #servers = new Map<number, { listener: Listener; used: number }>();
  /** Ports of servers for connections from before the recording. */
  readonly #earlier = new Map<RecordedFile, number>();
  /** Listening sockets that clients outside connect to. */
  readonly #reached: ReadonlySet<RecordedFile>;
  /** Files that are there, by name: how large they are. */
  readonly #sizes = new Map<string, number>();
  readonly #names = new Map<RecordedFile, string>();
  readonly #ports: ChosenPorts;
  /** Number of events that were made to happen, by kind. */
  readonly counts: Record<Implied["kind"] | "file" | "signal", number> = {
    connection: 0,
    bytes: 0,
    end: 0,
    reset: 0,
    server: 0,
    ready: 0,
    file: 0,
    signal: 0,
  };

  constructor(kernel: Kernel, placed: Iterable<readonly Placed[]>, files: readonly RecordedFile[]) {
    this.#kernel = kernel;
    this.#ports = new ChosenPorts(files);
    const reached = new Set<RecordedFile>();
    for (const list of placed) {
      for (const { implied } of list) if (implied.kind === "connection") reached.add(implied.listener);
    }
    this.#reached = reached;
  }

  /** Lets something happen; nothing if it has happened already. @returns whether something had to. */
  happen(event: Exclude<Implied, { kind: "ready" }>): boolean {
    const done = this.#happen(event);
    if (done) this.counts[event.kind]++;
    return done;
  }

  #happen(event: Exclude<Implied, { kind: "ready" }>): boolean {
    switch (event.kind) {
      case "connection":
        return this.#connect(event.listener, event.connection);
      case "server":
        return this.#serve(event.port, event.file);
      case "bytes":
        return this.#send(event.file, event.count);
      case "end":
        return this.#peer(event.file)?.shutdown() === 0;
      case "reset":
        return this.#peer(event.file)?.reset() === 0;
    }
  }

  #connect(listener: RecordedFile, connection: RecordedFile | null): boolean {
    if (listener.port === null || (connection && this.#connections.has(connection))) return false;
    const peer = this.#kernel.world.connect(listener.port);
    if (connection) this.#connections.set(connection, { peer, sent: 0, taken: 0 });
    return true;
  }

  #serve(port: number, file: RecordedFile): boolean {
    this.#connections.set(file, { peer: null, sent: 0, taken: 0 });
    if (port === 0 || this.#servers.has(port)) return false;
    this.#servers.set(port, { listener: this.#kernel.world.listen(port), used: 0 });
    return true;
  }

  /** The address of a server outside for a connection that was there before the recording began. */
  serverFor(file: RecordedFile): Uint8Array {
    const port = FIRST_SERVER + this.#connections.size;
    const listener = this.#kernel.world.listen(port);
    this.#servers.set(port, { listener, used: 0 });
    this.#connections.set(file, { peer: null, sent: 0, taken: 0 });
    this.#earlier.set(file, port);
    return encodeAddress({ host: OUTSIDE_HOST, port }, OUTSIDE_HOST);
  }

  #peer(file: RecordedFile): Peer | null {
    const connection = this.#connections.get(file);
    if (!connection) return null;
    return (connection.peer ??= this.#accepted(file));
  }

  /** The other end of a connection that the machine has made, once the server outside has it. */
  #accepted(file: RecordedFile): Peer | null {
    const connect = file.operations.find((operation) => operation.kind === "connect");
    const server = this.#servers.get(connect?.kind === "connect" ? connect.port : (this.#earlier.get(file) ?? 0));
    const peer = server?.listener.peers[server.used];
    if (!server || !peer) return null;
    server.used++;
    return peer;
  }

  #send(file: RecordedFile, count: number): boolean {
    const peer = this.#peer(file);
    const connection = this.#connections.get(file);
    if (!peer || !connection) return false;
    const missing = count - (connection.sent - connection.taken);
    if (missing <= 0 || missing > MOST_BYTES || peer.send(new Uint8Array(missing).fill(FILL)) !== 0) return false;
    connection.sent += missing;
    return true;
  }

  /** The machine's tasks have read so many bytes of a connection. */
  took(file: RecordedFile | undefined, bytes: number): void {
    const connection = file && this.#connections.get(file);
    if (connection) connection.taken += bytes;
  }

  /** Puts a regular file into the machine before it is opened. */
  provide(file: RecordedFile): void {
    if (this.#names.has(file)) return;
    const { exact, size: stated } = file.facts ?? { size: 0, exact: false };
    const size = Math.min(stated, MOST_SIZE);
    const known = this.#sizes.get(file.path);
    // A file that is found with another size later was replaced: the machine has both, by two names.
    const name = known === undefined || known === size || !exact ? file.path : `${file.path} (${size} bytes)`;
    this.#names.set(file, name);
    if (this.#sizes.has(name)) return;
    this.#sizes.set(name, size);
    this.#kernel.world.file(name, { size });
    this.counts.file++;
  }

  /** A file that the program itself makes. */
  made(file: RecordedFile): void {
    this.#names.set(file, file.path);
    this.#sizes.set(file.path, 0);
  }

  /** Whether there is a file of that name. */
  has(path: string): boolean {
    return this.#sizes.has(path);
  }

  pathOf(file: RecordedFile): string {
    return this.#names.get(file) ?? file.path;
  }

  bindAddress(file: RecordedFile | undefined, address: SocketAddress): SocketAddress {
    if ("path" in address) return address;
    const isReached = file !== undefined && this.#reached.has(file);
    // Clients outside reach the machine over the wire, not over lo: for them every address of the machine is bound.
    const any = address.host?.includes(":") ? "::" : "0.0.0.0";
    const port = address.port === 0 ? (file?.port ?? 0) : address.port;
    return isReached || !isLoopback(address.host) ? { host: any, port } : { ...address, port };
  }

  connectAddress(file: RecordedFile | undefined, address: SocketAddress): SocketAddress {
    if ("path" in address || file === undefined || !this.#connections.has(file)) return address;
    return { host: address.host?.includes(":") ? `::ffff:${OUTSIDE_HOST}` : OUTSIDE_HOST, port: address.port };
  }

  expectedAddress(file: RecordedFile | undefined, end: "local" | "remote", address: SocketAddress): SocketAddress {
    if ("path" in address || !file) return address;
    const bound = file.listens || file.port !== null ? this.bindAddress(file, address) : address;
    if (file.listens) return bound;
    const peer = this.#peer(file)?.struct;
    if (!peer) return bound;
    // The machine's own address on the wire stands for the recorded one; the client's port is as the world chose it.
    const isSix = address.host?.includes(":") ?? false;
    if (end === "remote") return { host: host(peer.addr_tail, isSix), port: peer.port };
    return { host: host(peer.daddr_tail, isSix), port: file.listener ? address.port : peer.dport };
  }

  expectedPort(call: StraceCall, port: number, got: number | undefined): number {
    return this.#ports.expected(call, port, got);
  }
}

function isLoopback(host: string | undefined): boolean {
  return host === undefined || host.startsWith("127.") || host === "::1" || host === "0.0.0.0" || host === "::";
}

/** The lower half of an address on the wire, as text: an address of version 4 inside one of version 6. */
function host(tail: bigint, isSix: boolean): string {
  const bytes = Array.from({ length: 4 }, (_, i) => Number((tail >> BigInt(32 + 8 * i)) & 0xffn));
  if (!isSix) return bytes.join(".");
  const groups = [(bytes[0]! << 8) | bytes[1]!, (bytes[2]! << 8) | bytes[3]!];
  return `::ffff:${groups.map((group) => group.toString(16)).join(":")}`;
}
