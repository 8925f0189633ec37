import { checkNames, describe } from "./call.ts";
import { type IoVector } from "./sys_base.ts";
import { layout } from "../layout.gen.ts";
import type { FilledAddress, SocketAddress } from "./sockaddr.ts";

const { RIGHTS } = layout.enums.Scm.values;
const { SOCKET } = layout.enums.Sol.values;
/** Size of a struct cmsghdr. Unit: bytes. */
const CMSGHDR_SIZE = 16;

/** Level and type of the control data of an error queue: IP_RECVERR and IPV6_RECVERR. */
const RECVERR: readonly (readonly [level: number, type: number])[] = [
  [layout.enums.Sol.values.IP, layout.enums.IpOption.values.RECVERR],
  [layout.enums.Sol.values.IPV6, layout.enums.Ipv6Option.values.RECVERR],
];

/** What recvmsg(MSG_ERRQUEUE) tells: struct sock_extended_err. */
export interface ExtendedError {
  ee_errno: number;
  /** Who tells: 5 (SO_EE_ORIGIN_ZEROCOPY): calls with MSG_ZEROCOPY are done with the program's pages. */
  ee_origin: number;
  ee_type: number;
  /** 1 (SO_EE_CODE_ZEROCOPY_COPIED): the pages were copied after all. */
  ee_code: number;
  /** Number of the first call; the first call of a socket is number 0. */
  ee_info: number;
  /** Number of the last call. */
  ee_data: number;
}

/** A piece of control data: descriptors (SCM_RIGHTS), or bytes of any other kind. */
export interface ControlMessage {
  /** SOL_SOCKET. */
  level: number;
  /** SCM_RIGHTS. */
  type: number;
  /** SCM_RIGHTS: descriptors. */
  fds?: readonly number[];
  /** IP_RECVERR, IPV6_RECVERR: what the error queue tells. */
  error?: ExtendedError;
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

/** Size of a struct sock_extended_err. Unit: bytes. */
const EXTENDED_ERROR_SIZE = 16;

/** A struct sock_extended_err, at the beginning of control data. */
function decodeExtendedError(data: Uint8Array): ExtendedError {
  const view = new DataView(data.buffer, data.byteOffset, EXTENDED_ERROR_SIZE);
  const [ee_origin, ee_type, ee_code] = [view.getUint8(4), view.getUint8(5), view.getUint8(6)];
  const [ee_errno, ee_info, ee_data] = [0, 8, 12].map((at) => view.getUint32(at, true)) as [number, number, number];
  return { ee_errno, ee_origin, ee_type, ee_code, ee_info, ee_data };
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
    } else if (RECVERR.some((one) => one[0] === level && one[1] === type) && data.length >= EXTENDED_ERROR_SIZE) {
      messages.push({ level, type, data, error: decodeExtendedError(data) });
    } else {
      messages.push({ level, type, data });
    }
    at += aligned(length);
  }
  return messages;
}
