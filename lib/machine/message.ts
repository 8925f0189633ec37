import { checkNames, describe } from "./call.ts";
import { type IoVector } from "./sys_base.ts";
import { layout } from "../layout.gen.ts";
import type { FilledAddress, SocketAddress } from "./sockaddr.ts";

const { RIGHTS } = layout.enums.Scm.values;
const { SOCKET } = layout.enums.Sol.values;
/** Size of a struct cmsghdr. Unit: bytes. */
const CMSGHDR_SIZE = 16;

/** A piece of control data: descriptors (SCM_RIGHTS), or bytes of any other kind. */
export interface ControlMessage {
  /** SOL_SOCKET. */
  level: number;
  /** SCM_RIGHTS. */
  type: number;
  /** SCM_RIGHTS: descriptors. */
  fds?: readonly number[];
  /** Any other type: the data as it is. */
  data?: Uint8Array;
}

/** What sendmsg() sends. */
export interface SentMessage {
  readonly name?: SocketAddress;
  readonly iov: readonly (IoVector | string | Uint8Array)[];
  readonly control?: readonly ControlMessage[];
}

/** Where recvmsg() puts what has come. */
export interface ReceivedMessage {
  /** Is given the sender's address. */
  name?: FilledAddress;
  readonly iov: readonly IoVector[];
  /** Is given the control data; how many bytes there are for it: `controllen`. */
  control?: ControlMessage[];
  /** Room for control data. Unit: bytes; without it: 4096, if there is a `control`. */
  controllen?: number;
  /** Is given MSG_TRUNC, MSG_CTRUNC ... */
  flags?: number;
}

/** A length in whole 8 bytes, as CMSG_ALIGN() counts. */
function aligned(length: number): number {
  return Math.ceil(length / 8) * 8;
}

/** The data of a piece of control data. */
function dataOf(message: ControlMessage): Uint8Array {
  checkNames("part of a control message", message, ["level", "type", "fds", "data"]);
  const { fds, data } = message;
  if (data !== undefined && !(data instanceof Uint8Array)) {
    throw new TypeError(`data of a control message is a Uint8Array, and descriptors are fds, not ${describe(data)}`);
  }
  return data ?? new Uint8Array(Int32Array.from(fds ?? []).buffer);
}

/** Control data as C has it. */
export function encodeControl(messages: readonly ControlMessage[]): Uint8Array {
  const pieces = messages.map(dataOf);
  const bytes = new Uint8Array(pieces.reduce((sum, data) => sum + CMSGHDR_SIZE + aligned(data.length), 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  messages.forEach(({ level, type }, i) => {
    const data = pieces[i]!;
    view.setBigUint64(at, BigInt(CMSGHDR_SIZE + data.length), true);
    view.setInt32(at + 8, level, true);
    view.setInt32(at + 12, type, true);
    bytes.set(data, at + CMSGHDR_SIZE);
    at += CMSGHDR_SIZE + aligned(data.length);
  });
  return bytes;
}

/** Control data that the kernel has written. */
export function decodeControl(bytes: Uint8Array): ControlMessage[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const messages: ControlMessage[] = [];
  for (let at = 0; at + CMSGHDR_SIZE <= bytes.length;) {
    const length = Number(view.getBigUint64(at, true));
    const [level, type] = [view.getInt32(at + 8, true), view.getInt32(at + 12, true)];
    if (length < CMSGHDR_SIZE) break;
    const data = bytes.slice(at + CMSGHDR_SIZE, at + length);
    if (level === SOCKET && type === RIGHTS) {
      const fds = Array.from({ length: data.length >> 2 }, (_, i) => view.getInt32(at + CMSGHDR_SIZE + 4 * i, true));
      messages.push({ level, type, fds });
    } else {
      messages.push({ level, type, data });
    }
    at += aligned(length);
  }
  return messages;
}
