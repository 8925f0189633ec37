import { elementsOf, fieldOf, integerOf, nameOf, numberOf, textOf } from "../strace/access.ts";
import {
  DESCRIPTOR_FLAGS,
  EVENTFD_FLAGS,
  FCNTL_COMMANDS,
  IOCTL_REQUESTS,
  OPEN_FLAGS,
  SEEK_WHENCE,
} from "./constants.ts";
import {
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
  resultOf,
  room,
  soleElement,
} from "./request.ts";
import type { StraceCall, StraceValue } from "../strace/types.ts";
import { fstatRequest } from "./requests_stat.ts";
import { pathOf } from "./call_facts.ts";

const AT_FDCWD = -100;

type Make = (recorded: Recorded) => Request;

/** Opening, reading, writing and everything else that any descriptor can do. */
export const FILE_REQUESTS: Readonly<Record<string, Make>> = {
  open: (recorded) => openRequest(recorded, 0),
  openat: (recorded) => openRequest(recorded, 1),
  creat: ({ call }) => ({ name: "open", args: [name(pathOf(call)), creating(), number(call, 1)] }),
  close: ({ call }) => ({ name: "close", args: [descriptor(call)] }),
  read: ({ call }) => ({
    name: "read",
    args: [descriptor(call), pointer(call, 1, room(call, number(call, 2))), number(call, 2)],
  }),
  write: ({ call, subject }) => {
    const length = number(call, 2);
    const data = subject.files[0]?.kind === "eventfd" && length === 8 ? count(call) : payload(call.args[1], length);
    return { name: "write", args: [descriptor(call), pointer(call, 1, data), length] };
  },
  pread64: ({ call }) => ({
    name: "pread64",
    args: [descriptor(call), pointer(call, 1, room(call, number(call, 2))), number(call, 2), number(call, 3)],
  }),
  pwrite64: ({ call }) => ({
    name: "pwrite64",
    args: [
      descriptor(call),
      pointer(call, 1, payload(call.args[1], number(call, 2))),
      number(call, 2),
      number(call, 3),
    ],
  }),
  readv: ({ call }) => vectorRequest(call, "readv"),
  writev: ({ call }) => vectorRequest(call, "writev"),
  lseek: ({ call }) => ({ name: "lseek", args: [descriptor(call), number(call, 1), flags(call, 2, SEEK_WHENCE)] }),
  fstat: fstatRequest,
  dup: ({ call }) => ({ name: "dup", args: [descriptor(call)] }),
  dup2: ({ call }) => ({ name: "dup2", args: [descriptor(call), number(call, 1)] }),
  dup3: ({ call }) => ({ name: "dup3", args: [descriptor(call), number(call, 1), flags(call, 2, OPEN_FLAGS)] }),
  fcntl: ({ call }) => fcntlRequest(call),
  ioctl: ({ call }) => ioctlRequest(call),
  pipe: ({ call }) => pairRequest(call, []),
  pipe2: ({ call }) => pairRequest(call, [flags(call, 1, OPEN_FLAGS)]),
  eventfd: ({ call }) => ({ name: "eventfd", args: [number(call, 0)] }),
  eventfd2: ({ call }) => ({ name: "eventfd2", args: [number(call, 0), flags(call, 1, EVENTFD_FLAGS)] }),
};

/** A name as C has it. */
function name(path: string): { in: string } {
  return { in: `${path}\0` };
}

function creating(): number {
  const { O_CREAT, O_WRONLY, O_TRUNC } = OPEN_FLAGS as Record<string, number>;
  return O_CREAT! | O_WRONLY! | O_TRUNC!;
}

function openRequest({ call, subject, surroundings }: Recorded, at: number): Request {
  const errno = resultOf(call)?.errno;
  if (errno && errno !== "ENOENT" && errno !== "EEXIST" && errno !== "EFAULT" && errno !== "EMFILE") {
    throw new NotSimulated(
      `${errno} comes from what the machine's file system does not have: directories, links, rights`,
    );
  }
  const [file] = subject.made;
  const path = pointer(call, at, name(file ? surroundings.pathOf(file) : pathOf(call)));
  const mode = call.args[at + 2] === undefined ? 0 : number(call, at + 2);
  const rest = [path, flags(call, at + 1, OPEN_FLAGS), mode];
  return at === 0 ? { name: "open", args: rest } : { name: "openat", args: [AT_FDCWD, ...rest] };
}

/** What is added to an eventfd: as the bytes were recorded, or 1. */
function count(call: StraceCall): { in: Uint8Array } {
  const bytes = new Uint8Array(8);
  const text = textOf(call.args[1]);
  if (text?.length === 8) bytes.set(Uint8Array.from(text, (character) => character.charCodeAt(0)));
  else bytes[0] = 1;
  return { in: bytes };
}

function vectorRequest(call: StraceCall, which: "readv" | "writev"): Request {
  const vector = call.args[1];
  if (vector?.kind !== "array") return { name: which, args: [descriptor(call), pointer(call, 1, 0), number(call, 2)] };
  const iov = pieces(call, vector, which === "readv");
  return { name: which, args: [descriptor(call), { iov }, iov.length] };
}

/** The pieces of a vector; those that the recording leaves out are taken for one. */
export function pieces(
  call: StraceCall,
  vector: StraceValue | undefined,
  isRead: boolean,
): ({ in: Uint8Array } | { out: number })[] {
  const piece = (value: StraceValue | undefined, length: number) =>
    isRead ? room(call, length) : payload(value, length);
  const all = elementsOf(vector).map((element) => piece(fieldOf(element, "iov_base"), lengthOf(element)));
  const isHidden = vector?.kind === "array" && vector.abbreviated && all.length === 0;
  return isHidden ? [piece(undefined, Math.max(0, resultOf(call)?.value ?? 0))] : all;
}

function lengthOf(piece: StraceValue): number {
  const length = numberOf(fieldOf(piece, "iov_len"));
  if (length === undefined) throw new NotSimulated("the length of a piece is not known");
  return length;
}

function pairRequest(call: StraceCall, more: readonly number[]): Request {
  return {
    name: more.length > 0 ? "pipe2" : "pipe",
    args: [pointer(call, 0, { out: 8 }), ...more],
    check: (out) => checkDescriptors(call.args[0], out[0]!),
  };
}

function fcntlRequest(call: StraceCall): Request {
  const command = flags(call, 1, FCNTL_COMMANDS);
  const argument = (): number => {
    if (call.args[2] === undefined) return 0;
    const which = nameOf(call.args[1]);
    if (which === "F_SETFD") return flags(call, 2, DESCRIPTOR_FLAGS);
    return which === "F_SETFL" ? flags(call, 2, OPEN_FLAGS) : number(call, 2);
  };
  return { name: "fcntl", args: [descriptor(call), command, argument()] };
}

function ioctlRequest(call: StraceCall): Request {
  const request = flags(call, 1, IOCTL_REQUESTS);
  const argument = call.args[2];
  const fd = descriptor(call);
  const which = nameOf(call.args[1]);
  if (argument === undefined) return { name: "ioctl", args: [fd, request] };
  if (which === "FIONBIO" || which === "FIOASYNC") {
    const value = numberOf(soleElement(argument));
    return { name: "ioctl", args: [fd, request, pointer(call, 2, { in: int32(value ?? 0) })] };
  }
  return {
    name: "ioctl",
    args: [fd, request, pointer(call, 2, { out: 64 })],
    check: ([out]) => {
      const expected = integerOf(soleElement(argument));
      if (expected === undefined || !out) return null;
      return differ("the answer", String(expected), String(new DataView(out.buffer).getInt32(0, true)));
    },
  };
}
