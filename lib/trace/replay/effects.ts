import type { Actor, Stage } from "./stage.ts";
import { MESSAGE_FLAGS, SEEK_WHENCE } from "./constants.ts";
import type { StraceCall } from "../strace/types.ts";
import { descriptorOf } from "../strace/access.ts";
import { resultOf } from "./request.ts";

/** More than this is not moved in the place of a call. Unit: bytes. */
const MOST = 16 << 20;

/**
 * Does what a call did that the machine does not have, by means of others: bytes are taken from or given to the same
 * descriptors, so that the calls behind it find as many as in the recording.
 *
 * @returns  how many bytes were taken from its first descriptor.
 */
export function moveInstead(stage: Stage, actor: Actor, call: StraceCall): number {
  const count = resultOf(call)?.value ?? 0;
  const fd = descriptorOf(call.args[0]);
  if (count <= 0 || count > MOST || fd === undefined) return 0;
  const flags = MESSAGE_FLAGS["MSG_DONTWAIT"]! | MESSAGE_FLAGS["MSG_NOSIGNAL"]!;
  if (call.name === "recvmsg")
    return Math.max(0, stage.call(actor, "recvfrom", fd, { out: count }, count, flags, 0, 0) ?? 0);
  if (call.name === "sendmsg") stage.call(actor, "sendto", fd, { in: new Uint8Array(count) }, count, flags, 0, 0);
  const from = call.name === "sendfile" && call.args[2]?.kind === "null" ? descriptorOf(call.args[1]) : undefined;
  if (from !== undefined) stage.call(actor, "lseek", from, count, SEEK_WHENCE["SEEK_CUR"]!);
  return 0;
}
