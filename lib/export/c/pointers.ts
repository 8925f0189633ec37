import type { UserMemory } from "../../see/call-arguments.ts";
import type { Kind } from "../../see/call-signatures.ts";
import { epollMask } from "../../see/names.ts";
import type { Data } from "./literal.ts";
import type { PointerKind } from "./refused.ts";

/** What is known of the call beside the pointer itself. */
export interface Pointing {
  /** The argument behind it. */
  readonly next: number;
  /** The first argument. */
  readonly first: number;
  readonly user: UserMemory;
  readonly data: Data;
}

const AF_UNIX = 1;
const AF_INET = 2;
/** Size of a struct epoll_event, and of a struct pollfd. Unit: bytes. */
const EVENT_SIZE = 12;
const POLLFD_SIZE = 8;
const IOVEC_SIZE = 16;

/** An expression in C for what a pointer leads to; null: that is not known. */
export function pointedAt(kind: Kind | PointerKind, address: bigint, pointing: Pointing): string | null {
  if (address === 0n) return "NULL";
  const { next, first, user, data } = pointing;
  const view = (length: number): DataView | null => {
    const bytes = user.load(address, length);
    return bytes && new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
  switch (kind) {
    case "bytes":
    case "value":
      return literal(user.load(address, next), data);
    case "buffer":
      return "buffer";
    case "path":
      return path(user, address);
    case "sockaddr":
      return socketAddress(user.load(address, next), data);
    case "event":
      return event(view(EVENT_SIZE));
    case "events":
      return "events";
    case "pair":
      return "pair";
    case "pollfds":
      return pollfds(view(Math.max(0, next) * POLLFD_SIZE));
    case "fdset":
      return fdset(user.load(address, Math.ceil(first / 64) * 8), first);
    case "timespec":
    case "time":
      return pairOf(view(16), "timespec");
    case "timeval":
      return pairOf(view(16), "timeval");
    case "itimerspec":
      return itimerspec(view(32));
    case "position":
      return word(view(8), "off_t");
    case "limit":
      return limit(view(16));
    case "pieces":
      return pieces(view(Math.max(0, next) * IOVEC_SIZE), pointing);
    case "int value":
      return wrapped(view(4)?.getInt32(0, true), "int");
    case "length room":
      return wrapped(view(4)?.getUint32(0, true), "socklen_t");
    case "address room":
    case "room":
      return "room";
    default:
      return null;
  }
}

function literal(bytes: Uint8Array | null, data: Data): string | null {
  return bytes && data.of(bytes);
}

/** A name, which stands in a folder of the program's own. */
function path(user: UserMemory, address: bigint): string | null {
  for (const length of [4096, 256, 64, 16]) {
    const bytes = user.load(address, length);
    const end = bytes?.indexOf(0) ?? -1;
    if (bytes && end >= 0) return JSON.stringify(localPath(new TextDecoder().decode(bytes.subarray(0, end))));
  }
  return null;
}

/** A path of the machine, which has no folders, in that of the program; the devices are where they are. */
export function localPath(name: string): string {
  return name.startsWith("/dev/") ? name : `./${name.replace(/^\/+/, "").replaceAll("/", "-")}`;
}

function socketAddress(bytes: Uint8Array | null, data: Data): string | null {
  if (!bytes || bytes.length < 2) return bytes && data.of(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const family = view.getUint16(0, true);
  if (family === AF_INET && bytes.length >= 8) {
    return `internet_address("${bytes.subarray(4, 8).join(".")}", ${view.getUint16(2)})`;
  }
  if (family === AF_UNIX && bytes[2] === 0x2f) return null; // a path of the machine, whose length is part of the call
  return `(const void *)${data.of(bytes)}`;
}

function event(view: DataView | null): string | null {
  if (!view) return null;
  return `EVENT(${mask(view.getUint32(0, true))}, ${view.getBigUint64(4, true)})`;
}

/** Bits of an event with the names that C has. */
function mask(bits: number): string {
  return epollMask(bits).replaceAll("|", " | ");
}

function pollfds(view: DataView | null): string | null {
  if (!view) return null;
  const entries = Array.from({ length: view.byteLength / POLLFD_SIZE }, (_, i) => {
    const events = mask(view.getUint16(i * POLLFD_SIZE + 4, true)).replaceAll("EPOLL", "POLL");
    return `{ ${view.getInt32(i * POLLFD_SIZE, true)}, ${events}, 0 }`;
  });
  return `POLLED(${entries.length}, ${entries.join(", ")})`;
}

function fdset(bytes: Uint8Array | null, end: number): string | null {
  if (!bytes) return null;
  const fds = Array.from({ length: end }, (_, fd) => fd).filter((fd) => ((bytes[fd >> 3] ?? 0) >> (fd & 7)) & 1);
  return `set_of(${fds.length}, (const int[]){ ${fds.join(", ") || "-1"} })`;
}

function pairOf(view: DataView | null, struct: string): string | null {
  if (!view) return null;
  return `&(struct ${struct}){ ${view.getBigInt64(0, true)}, ${view.getBigInt64(8, true)} }`;
}

function itimerspec(view: DataView | null): string | null {
  if (!view) return null;
  const [every, everyRest, first, firstRest] = [0, 8, 16, 24].map((at) => view.getBigInt64(at, true));
  return `&(struct itimerspec){ { ${every}, ${everyRest} }, { ${first}, ${firstRest} } }`;
}

function limit(view: DataView | null): string | null {
  return view && `limits(${view.getBigUint64(0, true)}u, ${view.getBigUint64(8, true)}u)`;
}

function word(view: DataView | null, type: string): string | null {
  return view && `&(${type}){ ${view.getBigInt64(0, true)} }`;
}

function wrapped(value: number | undefined, type: string): string | null {
  return value === undefined ? null : `&(${type}){ ${value} }`;
}

function pieces(view: DataView | null, { user, data }: Pointing): string | null {
  if (!view) return null;
  const parts = Array.from({ length: view.byteLength / IOVEC_SIZE }, (_, i) => {
    const length = Number(view.getBigUint64(i * IOVEC_SIZE + 8, true));
    const bytes = user.load(view.getBigUint64(i * IOVEC_SIZE, true), length);
    return bytes && `{ (void *)${data.of(bytes)}, ${length} }`;
  });
  return parts.includes(null) ? null : `(struct iovec[]){ ${parts.join(", ")} }`;
}
