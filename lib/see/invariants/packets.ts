import { fragmentsOf, sharedInfo, zerocopyOf } from "../fragments.ts";
import type { Checkup } from "./checkup.ts";
import { embedOffset } from "../reader.ts";
import { layout } from "../../layout.gen.ts";
import { listOf } from "../walk.ts";

const { PAGE_SIZE } = layout.constants;
const { BUDDY, RESERVED } = layout.enums.PageFlags.values;

/** Packets hold the frames of their pieces, and know whose pages they are; calls with MSG_ZEROCOPY know who holds them. */
export function checkPackets(check: Checkup): void {
  const { reader, population } = check;
  const holders = new Map<number, number>();
  const seen = new Set<number>();
  for (const skb of population.of("SkBuff")) {
    const info = sharedInfo(reader, skb);
    checkPieces(check, skb);
    if (seen.has(info)) continue;
    seen.add(info);
    const uarg = zerocopyOf(reader, skb);
    if (uarg !== 0) holders.set(uarg, (holders.get(uarg) ?? 0) + 1);
  }
  // Inside a function, the call at work holds its own as well.
  if (check.quiet) checkCalls(check, holders);
}

/** The pieces of one packet: as long as it says, each within a frame that is in use. */
function checkPieces(check: Checkup, skb: number): void {
  const { reader } = check;
  const fragments = fragmentsOf(reader, skb);
  // Of a connection on its way, and of a packet being built, the length is not set yet.
  const length = fragments.reduce((sum, { size }) => sum + size, 0);
  if (check.quiet)
    check.equal("SkBuff", skb, "data_len", reader.get("SkBuff", skb, "data_len"), length, "of its pieces");
  for (const { page, offset, size } of fragments) {
    const flags = reader.get("Page", page, "flags");
    if (flags & (BUDDY | RESERVED))
      check.report("SkBuff", skb, "skb-frag", "a piece of it lies in a frame that is free");
    if (offset + size > PAGE_SIZE) check.report("SkBuff", skb, "skb-frag", "a piece of it reaches out of its frame");
  }
}

/** Calls with MSG_ZEROCOPY: each is held by packets, or by a call that sleeps, or waits in an error queue. */
function checkCalls(check: Checkup, holders: ReadonlyMap<number, number>): void {
  const { reader, population } = check;
  const kept = new Set(population.of("TaskStruct").map((task) => reader.get("TaskStruct", task, "kept")));
  const told = new Set<number>();
  const charges = new Map<number, number>();
  for (const uarg of population.of("UbufInfoMsgzc")) {
    const options = reader.get("Sock", reader.get("UbufInfoMsgzc", uarg, "sk"), "options");
    charges.set(options, (charges.get(options) ?? 0) + 1);
    for (const one of listOf(reader, options + embedOffset("SockOptions", "sk_error_queue"), "UbufInfoMsgzc", "link")) {
      told.add(one);
    }
  }
  for (const uarg of population.of("UbufInfoMsgzc")) {
    const held = (holders.get(uarg) ?? 0) + (kept.has(uarg) ? 1 : 0);
    check.equal("UbufInfoMsgzc", uarg, "refcnt", reader.get("UbufInfoMsgzc", uarg, "refcnt"), held, "holders");
    if (held === 0 && !told.has(uarg)) check.report("UbufInfoMsgzc", uarg, "leak", "in use, but in no error queue");
  }
  for (const [options, count] of charges) {
    const charged = reader.get("SockOptions", options, "sk_omem_alloc");
    check.equal("SockOptions", options, "sk_omem_alloc", charged, count * UBUF_TRUESIZE, "of calls");
  }
}

/** What a call is charged for. Unit: bytes. */
const UBUF_TRUESIZE = layout.constants.UBUF_TRUESIZE;
