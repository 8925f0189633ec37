import type { CheckedLoad } from "./load.ts";
import type { Kernel } from "../kernel.ts";
import type { Peer } from "../machine/world.ts";
import { digestOf } from "../machine/digest.ts";

/** How many clients connect at once: as many as an accept queue takes. */
const AT_ONCE = 1000;

/** A client that has sent a message in this round. */
interface Sender {
  readonly number: number;
  readonly peer: Peer;
  /** How much it will have received when it has its answer. Unit: bytes. */
  readonly expected: number;
}

/** Clients outside, which send messages and wait for the same bytes. */
export class Clients {
  /** From a message's leaving its client to its answer's arrival there, less the way over the wire. Unit: ns. */
  readonly latencies: number[] = [];
  /** When the last answer has arrived. Unit: ns since boot. */
  lastAt = 0;
  /** When the messages of each round have left. Unit: ns since boot. */
  readonly roundsAt: number[] = [];
  readonly #kernel: Kernel;
  readonly #load: CheckedLoad;
  readonly #peers: Peer[] = [];
  /** What each client that was ever active has sent. */
  readonly #sent = new Map<number, Uint8Array[]>();
  /** The way there and back. Unit: ns. */
  readonly #wire: number;
  #random: number;
  #senders: Sender[] = [];
  #answered = 0;

  constructor(kernel: Kernel, load: CheckedLoad) {
    this.#kernel = kernel;
    this.#load = load;
    this.#random = load.seed >>> 0;
    this.#wire = 2 * kernel.costs.wireLatency;
  }

  /** Connects all clients to a port; the server's accept queue is never longer than it may be. */
  connect(port: number): void {
    const { connections } = this.#load;
    while (this.#peers.length < connections) {
      const count = Math.min(AT_ONCE, connections - this.#peers.length);
      const from = this.#peers.length;
      this.#peers.push(...this.#kernel.world.connectMany(port, count, { keep: false }));
      const last = this.#peers[from + count - 1]!;
      this.#kernel.run({ until: () => last.state === "established" });
    }
  }

  /** Begins a round: messages leave their clients, one right behind the other. */
  send(round: number): void {
    this.#senders = this.#choose().map((number) => {
      const peer = this.#peers[number]!;
      return { number, peer, expected: peer.received.length + this.#load.length };
    });
    this.#answered = 0;
    this.roundsAt.push(this.#kernel.now);
    for (const { number, peer } of this.#senders) {
      const message = this.#message(number, round);
      const before = this.#sent.get(number);
      if (before) before.push(message);
      else this.#sent.set(number, [message]);
      peer.send(message);
    }
  }

  /** Whether all answers of this round have arrived: each is looked for behind the one before it alone. */
  get isAnswered(): boolean {
    const senders = this.#senders;
    while (this.#answered < senders.length) {
      const { peer, expected } = senders[this.#answered]!;
      if (peer.received.length < expected) return false;
      const { lastAt } = peer.received;
      this.latencies.push(lastAt - this.roundsAt.at(-1)! - this.#wire);
      if (lastAt > this.lastAt) this.lastAt = lastAt;
      this.#answered++;
    }
    return true;
  }

  /** How many answers of this round have arrived. */
  get answered(): number {
    return this.#answered;
  }

  /**
   * Digest of all that all clients have received.
   *
   * @throws Error  if one has received anything but what it has sent.
   */
  digest(): string {
    const digests = [...this.#sent].map(([number, messages]) => {
      const { digest } = this.#peers[number]!.received;
      const expected = digestOf(joined(messages));
      if (digest !== expected) throw new Error(`client ${number} has received something else than it has sent`);
      return `${number} ${digest}`;
    });
    return digestOf(new TextEncoder().encode(digests.sort().join("\n")));
  }

  /** Numbers of the clients that send in the next round: all different. */
  #choose(): number[] {
    const { connections, active } = this.#load;
    const chosen = new Set<number>();
    // Of many, those that do not are fewer.
    const isMost = active > connections / 2;
    const wanted = isMost ? connections - active : active;
    while (chosen.size < wanted) chosen.add(this.#next() % connections);
    if (!isMost) return [...chosen];
    return Array.from({ length: connections }, (_, i) => i).filter((i) => !chosen.has(i));
  }

  /** The next number by chance: 32 bits. */
  #next(): number {
    this.#random = (this.#random + 0x9e37_79b9) >>> 0;
    let x = this.#random;
    x = Math.imul(x ^ (x >>> 16), 0x21f0_aaad);
    x = Math.imul(x ^ (x >>> 15), 0x735a_2d97);
    return (x ^ (x >>> 15)) >>> 0;
  }

  #message(number: number, round: number): Uint8Array {
    const first = number * 31 + round * 17 + this.#load.seed;
    return Uint8Array.from({ length: this.#load.length }, (_, i) => (first + i * 7) & 0xff);
  }
}

function joined(messages: readonly Uint8Array[]): Uint8Array {
  const length = messages.reduce((sum, message) => sum + message.length, 0);
  const all = new Uint8Array(length);
  let at = 0;
  for (const message of messages) {
    all.set(message, at);
    at += message.length;
  }
  return all;
}
