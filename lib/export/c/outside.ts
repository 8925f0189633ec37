import type { Kernel } from "../../kernel.ts";
import type { TraceRecord } from "../../machine/records.ts";
import { ProgramError } from "../../errors.ts";

/** What a client outside does, when the machine notices it. */
export type OutsideAct =
  | { readonly kind: "connect"; readonly port: number }
  | { readonly kind: "send"; readonly bytes: Uint8Array }
  | { readonly kind: "shutdown" | "close" | "reset" };

/** An act of a client, and the tick at which it has come to the machine. */
export interface OutsideStep {
  readonly tick: number;
  /** Number of the client, from 1. */
  readonly client: number;
  readonly act: OutsideAct;
}

/** A client outside, as its inputs and its packets tell of it. */
interface Client {
  readonly number: number;
  /** The machine's port. */
  readonly dport: number;
  /** Its own port. */
  readonly port: number;
  /** All that it sends. */
  readonly sent: Uint8Array;
  /** How it ends, as far as it ends itself. */
  readonly ends: ReadonlySet<string>;
}

/** Inputs that no program on another machine can make happen, and why. */
const REFUSED: Readonly<Record<string, string>> = {
  WIRE_LISTEN: "a server outside the machine listens: only clients can be written as threads",
  WIRE_WINDOW: "a client outside stops reading, and no socket lets a program set its window",
  DISK_FAULT: "the disk is made to fail, which no program can do",
  FAIL_ALLOCATION: "an allocation is made to fail, which no program can do",
  SIGNAL: "a signal comes from outside: the tasks are threads of one process, which have their signals in common",
  RESERVE_FD: "something outside has taken descriptors",
  LOAD: "the program reads mapped memory: its addresses are those of the machine",
  STORE: "the program writes to mapped memory: its addresses are those of the machine",
};

/** A line of the journal, as far as it is about the world outside. */
interface JournalLine {
  readonly input?: string;
  readonly args?: readonly (number | string)[];
  readonly bytes?: string;
}

/** The journal's lines, but for the first. */
export function journalLines(kernel: Kernel): JournalLine[] {
  const lines = kernel.journal.trimEnd().split("\n").slice(1);
  return lines.map((line) => JSON.parse(line) as JournalLine);
}

/** The bytes of an input. */
export function inputBytes({ bytes = "" }: JournalLine): Uint8Array {
  return Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
}

/** The clients that have connected from outside. @throws ProgramError for what else happened outside. */
function clientsOf(kernel: Kernel): Client[] {
  const made: { dport: number; sent: Uint8Array[]; ends: Set<string> }[] = [];
  for (const line of journalLines(kernel)) {
    const { input = "", args = [] } = line;
    const reason = REFUSED[input];
    if (reason) throw new ProgramError(`this run cannot be written in C: ${reason}`);
    if (input === "WIRE_CONNECT") {
      if (Number(args[1] ?? 0) !== 0)
        throw new ProgramError(`this run cannot be written in C: ${REFUSED["WIRE_WINDOW"]}`);
      made.push({ dport: Number(args[0]), sent: [], ends: new Set() });
    }
    const client = made[Number(args[0] ?? 0) - 1];
    if (input === "WIRE_SEND") client?.sent.push(inputBytes(line));
    else if (/^WIRE_(SHUTDOWN|CLOSE|RESET)$/.test(input)) client?.ends.add(input);
  }
  return made.map(({ dport, sent, ends }, i) => {
    const port = kernel.world.peer(i + 1).struct?.port ?? 0;
    return { number: i + 1, dport, port, sent: joined(sent), ends };
  });
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Addresses of the devices that lead out of the machine. */
function cardsOf(records: readonly TraceRecord[]): Set<number> {
  const cards = new Set<number>();
  records.forEach(({ event, args }, i) => {
    if (event === "dev_hard_start_xmit" && records[i + 1]?.event === "eth_start_xmit") cards.add(args[1]);
  });
  return cards;
}

/**
 * What clients outside do, in the order in which the machine notices it: at the tick at which a connection can be
 * accepted, data joins a receive queue, or an end is known. On one machine that is when it is done.
 *
 * @throws ProgramError for what no client in C could do.
 */
export function outsideSteps(kernel: Kernel, records: readonly TraceRecord[]): OutsideStep[] {
  const clients = clientsOf(kernel);
  const cards = cardsOf(records);
  const sent = clients.map(() => 0);
  const steps: OutsideStep[] = [];
  let isOutside = false;
  let now: Client | undefined;
  for (const { event, args, tick } of records) {
    if (event === "netif_receive_skb") isOutside = cards.has(args[2]);
    else if (event === "tcp_v4_rcv") {
      now = isOutside ? clients.find(({ port, dport }) => port === args[1] && dport === args[2]) : undefined;
    } else if (!now) continue;
    const act = now && actOf(event, args, now, sent);
    if (act) steps.push({ tick, client: now!.number, act });
  }
  return steps;
}

/** What an event inside of the taking of a client's packet means that the client has done. */
function actOf(
  event: TraceRecord["event"],
  args: TraceRecord["args"],
  { number, dport, sent, ends }: Client,
  counts: number[],
): OutsideAct | null {
  switch (event) {
    case "inet_csk_reqsk_queue_add":
      return { kind: "connect", port: dport };
    case "tcp_queue_rcv": {
      const from = counts[number - 1]!;
      counts[number - 1] = from + args[2];
      return args[2] > 0 ? { kind: "send", bytes: sent.subarray(from, from + args[2]) } : null;
    }
    case "tcp_fin":
      return { kind: ends.has("WIRE_SHUTDOWN") ? "shutdown" : "close" };
    case "tcp_reset":
      return ends.has("WIRE_RESET") ? { kind: "reset" } : null;
    default:
      return null;
  }
}
