import { embedOffset, structs } from "../reader.ts";
import type { Checkup } from "./checkup.ts";
import { hex } from "../../machine/memory.ts";
import { layout } from "../../layout.gen.ts";
import { listOf } from "../walk.ts";

const { LISTEN } = layout.enums.TcpState.values;
const { UNIX } = layout.enums.Af.values;
const LENGTH = structs["SkBuffHead"]!.fields["qlen"]!.offset;

/** Sockets and their cores point at each other, and every queue counts its packets and their memory right. */
export function checkSockets(check: Checkup): void {
  const { reader, population } = check;
  for (const socket of population.of("Socket")) {
    const sk = reader.get("Socket", socket, "sk");
    if (sk === 0) continue;
    if (!population.has("Sock", sk)) check.report("Socket", socket, "socket-sk", `its sock ${hex(sk)} is not in use`);
    else if (reader.get("Sock", sk, "sk_socket") !== socket && !check.inside("__fput")) {
      check.report("Socket", socket, "socket-sk", `its sock ${hex(sk)} belongs to another socket`);
    }
  }
  const sent = new Map<number, number>();
  for (const skb of population.of("SkBuff")) {
    const sk = reader.get("SkBuff", skb, "sk");
    sent.set(sk, (sent.get(sk) ?? 0) + reader.get("SkBuff", skb, "truesize"));
  }
  const queued = new Map<number, number>();
  for (const sk of population.of("Sock")) {
    const received = checkQueue(check, sk, "sk_receive_queue", queued);
    const written = checkQueue(check, sk, "sk_write_queue", queued);
    checkCharges(check, sk, received, written, sent.get(sk) ?? 0);
    if (reader.get("Sock", sk, "skc_state") === LISTEN) checkAcceptQueue(check, sk);
    if (reader.get("Sock", sk, "sk_refcnt") === 0) check.report("Sock", sk, "sk_refcnt", "in use without a reference");
  }
}

/** One queue of packets: its links, its length, and that no packet is in two of them. */
function checkQueue(
  check: Checkup,
  sk: number,
  name: "sk_receive_queue" | "sk_write_queue",
  queued: Map<number, number>,
): number[] {
  const { reader, population } = check;
  const head = sk + embedOffset("Sock", name);
  const list = head + embedOffset("SkBuffHead", "list");
  if (reader.u32(list) === 0) return [];
  const packets = listOf(reader, list, "SkBuff", "list", check.onBreak);
  check.equal("SkBuffHead", head, "qlen", reader.u32(head + LENGTH), packets.length, `packets in ${name}`);
  for (const skb of packets) {
    if (!population.has("SkBuff", skb)) check.report("SkBuff", skb, "skb-live", `in ${name}, but not in use`);
    const other = queued.get(skb);
    if (other !== undefined) check.report("SkBuff", skb, "skb-twice", `in ${name}, and in the queue ${hex(other)}`);
    queued.set(skb, head);
  }
  return packets;
}

/**
 * The memory that a sock is charged for is that of its packets.
 *
 * @param sent  memory of all packets, wherever they are, that are charged to it. Unit: bytes.
 */
function checkCharges(
  check: Checkup,
  sk: number,
  received: readonly number[],
  written: readonly number[],
  sent: number,
): void {
  const { reader } = check;
  // Inside a function, a packet may be in no queue for a moment.
  if (!check.quiet) return;
  const wmem = reader.get("Sock", sk, "sk_wmem_alloc");
  if (reader.get("Sock", sk, "skc_family") === UNIX) {
    // What a UNIX socket has sent lies in its peer's queue.
    check.equal("Sock", sk, "sk_wmem_alloc", wmem, sent, "memory of the packets that it has sent");
    return;
  }
  const sum = (packets: readonly number[]) =>
    packets.reduce((total, skb) => total + reader.get("SkBuff", skb, "truesize"), 0);
  const rmem = reader.get("Sock", sk, "sk_rmem_alloc");
  check.equal("Sock", sk, "sk_rmem_alloc", rmem, sum(received), "memory of the packets that were received");
  check.equal("Sock", sk, "sk_wmem_alloc", wmem, sum(written), "memory of the packets that are being sent");
}

/** The connections of a listening socket: as many as it counts, each established and not yet anyone's. */
function checkAcceptQueue(check: Checkup, sk: number): void {
  const { reader, population } = check;
  if (reader.get("Sock", sk, "skc_family") === UNIX) return;
  const met = new Set<number>();
  let last = 0;
  const queue = reader.get("Sock", sk, "icsk_accept_queue");
  if (!reader.holds("RequestSockQueue", queue)) {
    check.report("Sock", sk, "accept-queue", "listens, but has no queue of requests");
    return;
  }
  let request = reader.get("RequestSockQueue", queue, "rskq_accept_head");
  for (; request !== 0; request = reader.get("RequestSock", request, "dl_next")) {
    if (!population.has("RequestSock", request) || met.has(request)) {
      check.report("Sock", sk, "accept-queue", `${hex(request)} in the accept queue is no request, or is met twice`);
      return;
    }
    met.add(request);
    last = request;
    const child = reader.get("RequestSock", request, "sk");
    if (!population.has("Sock", child)) {
      check.report("RequestSock", request, "accept-queue", `its connection ${hex(child)} is not in use`);
    } else if (reader.get("Sock", child, "sk_socket") !== 0) {
      check.report("RequestSock", request, "accept-queue", "its connection belongs to a socket already");
    }
  }
  const tail = reader.get("RequestSockQueue", queue, "rskq_accept_tail");
  if (met.size > 0 && tail !== last) {
    check.report("Sock", sk, "accept-queue", `its last request is ${hex(last)}, rskq_accept_tail is ${hex(tail)}`);
  }
  if (!check.quiet) return;
  const backlog = reader.get("RequestSockQueue", queue, "sk_ack_backlog");
  check.equal("Sock", sk, "sk_ack_backlog", backlog, met.size, "connections that wait to be accepted");
}
