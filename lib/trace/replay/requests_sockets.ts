import { ADDRESS_FAMILIES, MESSAGE_FLAGS, PROTOCOLS, SHUTDOWN_HOW, SOCKET_OPTIONS, SOCKET_TYPES } from "./constants.ts";
import {
  type Difference,
  type Recorded,
  type Request,
  NotSimulated,
  checkDescriptors,
  descriptor,
  differ,
  flags,
  int32,
  number,
  payload,
  pointer,
  room,
  soleElement,
} from "./request.ts";
import {
  type FilledAddress,
  SOCKADDR_SIZE,
  type SocketAddress,
  decodeAddress,
  encodeAddress,
} from "../../machine/sockaddr.ts";
import { addressOf, formatAddress } from "./address.ts";
import { pieces } from "./requests_files.ts";
import { afterOf, beforeOf, fieldOf, fieldsOf, numberOf } from "../strace/access.ts";
import type { RecordedFile } from "./recorded.ts";
import type { StraceCall, StraceValue } from "../strace/types.ts";
import type { SubmitArgument } from "../../machine/submission.ts";

type Make = (recorded: Recorded) => Request;

/** Sockets. */
export const SOCKET_REQUESTS: Readonly<Record<string, Make>> = {
  socket: ({ call }) => ({
    name: "socket",
    args: [flags(call, 0, ADDRESS_FAMILIES), flags(call, 1, SOCKET_TYPES), flags(call, 2, PROTOCOLS)],
  }),
  socketpair: ({ call }) => ({
    name: "socketpair",
    args: [
      flags(call, 0, ADDRESS_FAMILIES),
      flags(call, 1, SOCKET_TYPES),
      flags(call, 2, PROTOCOLS),
      pointer(call, 3, { out: 8 }),
    ],
    check: (out) => checkDescriptors(call.args[3], out[0]!),
  }),
  bind: ({ call, subject, surroundings }) => {
    const address = known(call);
    const [file] = subject.files;
    const bytes = encode(call.result.kind === "value" ? surroundings.bindAddress(file, address) : address, "0.0.0.0");
    return { name: "bind", args: [descriptor(call), pointer(call, 1, { in: bytes }), length(call, 2, bytes)] };
  },
  listen: ({ call }) => ({ name: "listen", args: [descriptor(call), number(call, 1)] }),
  accept: (recorded) => acceptRequest(recorded, []),
  accept4: (recorded) => acceptRequest(recorded, [flags(recorded.call, 3, SOCKET_TYPES)]),
  connect: ({ call, subject, surroundings }) => {
    const bytes = encode(surroundings.connectAddress(subject.files[0], known(call)), "127.0.0.1");
    return { name: "connect", args: [descriptor(call), pointer(call, 1, { in: bytes }), length(call, 2, bytes)] };
  },
  shutdown: ({ call }) => ({ name: "shutdown", args: [descriptor(call), flags(call, 1, SHUTDOWN_HOW)] }),
  sendto: ({ call }) => {
    if (call.args[4] !== undefined && call.args[4].kind !== "null") throw new NotSimulated("it names an address");
    const size = number(call, 2);
    return {
      name: "sendto",
      args: [
        descriptor(call),
        pointer(call, 1, payload(call.args[1], size)),
        size,
        flags(call, 3, MESSAGE_FLAGS),
        0,
        0,
      ],
    };
  },
  recvfrom: ({ call }) => ({
    name: "recvfrom",
    args: [
      descriptor(call),
      pointer(call, 1, room(call, number(call, 2))),
      number(call, 2),
      flags(call, 3, MESSAGE_FLAGS),
      0,
      0,
    ],
  }),
  sendmsg: ({ call }) => messageRequest(call, "sendmsg"),
  recvmsg: ({ call }) => messageRequest(call, "recvmsg"),
  getsockname: (recorded) => nameRequest(recorded, "getsockname", "local"),
  getpeername: (recorded) => nameRequest(recorded, "getpeername", "remote"),
  setsockopt: ({ call }) => {
    const value = optionBytes(call);
    const size = number(call, 4);
    return { name: "setsockopt", args: [descriptor(call), ...option(call), pointer(call, 3, { in: value }), size] };
  },
  getsockopt: ({ call }) => ({
    name: "getsockopt",
    args: [descriptor(call), ...option(call), pointer(call, 3, { out: 64 }), lengthArgument(call, 4)],
    check: ([value]) => {
      const expected = numberOf(soleElement(afterOf(call.args[3])));
      if (expected === undefined || !value) return null;
      return differ("the option", String(expected), String(new DataView(value.buffer).getInt32(0, true)));
    },
  }),
};

/** A message of pieces; one with an address or control data would be another one. */
function messageRequest(call: StraceCall, which: "sendmsg" | "recvmsg"): Request {
  const header = call.args[1];
  if (header?.kind !== "struct") return { name: which, args: [descriptor(call), pointer(call, 1, 0), 0] };
  const isSent = which === "sendmsg";
  if (isSent && fieldOf(header, "msg_name")?.kind === "struct") throw new NotSimulated("it names an address");
  if (fieldOf(header, "msg_control")?.kind === "array") throw new NotSimulated("it has control data");
  const message = pieces(call, fieldOf(header, "msg_iov"), !isSent);
  return { name: which, args: [descriptor(call), { message }, flags(call, 2, MESSAGE_FLAGS)] };
}

/** The address among the arguments. */
function known(call: StraceCall): SocketAddress {
  const address = addressOf(call.args[1]);
  if (!address) throw new NotSimulated("its address is of no family that the machine has");
  return address;
}

/** An address as C has it. */
function encode(address: SocketAddress, host: string): Uint8Array {
  try {
    return encodeAddress(address, host);
  } catch (error) {
    if (error instanceof RangeError) throw new NotSimulated(`its address is none: ${error.message}`);
    throw error;
  }
}

/** The length of an address: as recorded, unless another family's address stands for it. */
function length(call: StraceCall, index: number, bytes: Uint8Array): number {
  const recorded = number(call, index);
  return call.result.kind === "error" ? recorded : bytes.length;
}

function option(call: StraceCall): [number, number] {
  return [flags(call, 1, PROTOCOLS), flags(call, 2, SOCKET_OPTIONS)];
}

/** The value of an option as bytes: an int, or a struct of ints. */
function optionBytes(call: StraceCall): Uint8Array {
  const value = call.args[3];
  const size = number(call, 4);
  const bytes = new Uint8Array(Math.min(Math.max(size, 4), 256));
  const single = numberOf(soleElement(value));
  if (single !== undefined) bytes.set(int32(single));
  else if (value?.kind === "struct") {
    const fields = fieldsOf(value);
    const width = size / fields.length;
    const view = new DataView(bytes.buffer);
    fields.forEach((field, i) => {
      const member = numberOf(field.value);
      if (member === undefined || (width !== 4 && width !== 8))
        throw new NotSimulated("the option's value is not known");
      if (width === 8) view.setBigInt64(i * 8, BigInt(member), true);
      else view.setInt32(i * 4, member, true);
    });
  } else if (value?.kind !== "null" && call.result.kind !== "error")
    throw new NotSimulated("the option's value is not known");
  return bytes;
}

/** A length that the call reads and changes: `[128 => 16]`, or `[16]` if it stays the same. */
function lengthArgument(call: StraceCall, index: number): SubmitArgument {
  const before = numberOf(beforeOf(soleElement(call.args[index]))) ?? SOCKADDR_SIZE;
  return pointer(call, index, { in: int32(before), back: true });
}

function acceptRequest(recorded: Recorded, more: readonly number[]): Request {
  const { call, subject } = recorded;
  const isAsked = call.args[1]?.kind !== "null";
  return {
    name: call.name,
    args: [descriptor(call), pointer(call, 1, { out: SOCKADDR_SIZE }), lengthArgument(call, 2), ...more],
    check: (out) => (isAsked ? checkAddress(recorded, subject.made[0], "remote", out) : null),
  };
}

function nameRequest(recorded: Recorded, name: string, end: "local" | "remote"): Request {
  const { call, subject } = recorded;
  return {
    name,
    args: [descriptor(call), pointer(call, 1, { out: SOCKADDR_SIZE }), lengthArgument(call, 2)],
    check: (out) => checkAddress(recorded, subject.files[0], end, out),
  };
}

/** Compares an address that the call has written, and its length. */
function checkAddress(
  { call, surroundings }: Recorded,
  file: RecordedFile | undefined,
  end: "local" | "remote",
  out: readonly Uint8Array<ArrayBuffer>[],
): Difference | null {
  const [bytes, lengthBytes] = out;
  const recorded = addressOf(call.args[1]);
  if (!recorded || !bytes || !lengthBytes) return null;
  const got: FilledAddress = {};
  const size = new DataView(lengthBytes.buffer).getInt32(0, true);
  decodeAddress(bytes, Math.min(size, bytes.length), got);
  const known = surroundings.expectedAddress(file, end, recorded);
  const expected = "port" in known ? { ...known, port: surroundings.expectedPort(call, known.port, got.port) } : known;
  const difference = differ("the address", formatAddress(expected), formatAddress(got));
  return difference ?? checkLength(call.args[2], size);
}

function checkLength(value: StraceValue | undefined, got: number): Difference | null {
  const expected = numberOf(afterOf(soleElement(value)));
  return expected === undefined ? null : differ("the address's length", String(expected), String(got));
}
