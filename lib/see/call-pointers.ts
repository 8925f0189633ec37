import type { CallContext } from "./call-arguments.ts";
import type { Kind } from "./call-signatures.ts";
import { epollMask } from "./names.ts";

/** So many bytes of a buffer are shown, as strace does. */
const SHOWN = 32;
/** So many events of an array are shown. */
const EVENTS_SHOWN = 8;
/** So many bytes of a set of select() are shown. */
const FD_SET_SHOWN = 128;
/** Size of a struct pollfd. Unit: bytes. */
const POLLFD_SIZE = 8;
/** Size of a struct epoll_event. Unit: bytes. */
const EVENT_SIZE = 12;
const AF_UNIX = 1;
const AF_INET = 2;
const ESCAPES: Readonly<Record<number, string>> = { 9: "\\t", 10: "\\n", 13: "\\r", 34: '\\"', 92: "\\\\" };

/** An address of a program's memory. */
export function pointer(address: bigint): string {
  return address === 0n ? "NULL" : `0x${address.toString(16)}`;
}

/** What a pointer leads to, if that is known yet and can be read; else the pointer itself. */
export function pointee(kind: Kind, address: bigint, { next, first, result, user }: CallContext): string {
  const load = (length: number) => (address === 0n ? null : (user?.load(address, length) ?? null));
  const done = result !== undefined && result >= 0;
  const shown = (): string | null => {
    switch (kind) {
      case "bytes":
        return quoted(load(Math.min(Math.max(next, 0), SHOWN)), next);
      case "buffer":
        return done ? quoted(load(Math.min(result, SHOWN)), result) : null;
      case "sockaddr":
        return socketAddress(load(Math.min(Math.max(next, 0), 128)));
      case "event":
        return event(load(EVENT_SIZE), 0);
      case "events":
        return done ? events(load(Math.min(result, EVENTS_SHOWN) * EVENT_SIZE), result) : null;
      case "pair":
        return done ? pair(load(8)) : null;
      case "path":
        return path(load);
      case "timespec":
        return time(load(16), "nsec");
      case "timeval":
        return time(load(16), "usec");
      case "itimerspec":
        return itimerspec(load(32));
      case "pollfds":
        return pollfds(load(Math.min(Math.max(next, 0), EVENTS_SHOWN) * POLLFD_SIZE), next, done);
      case "fdset":
        return fdset(load(Math.min(Math.ceil(Math.max(first, 0) / 64) * 8, FD_SET_SHOWN)), first);
      default:
        return null;
    }
  };
  return shown() ?? pointer(address);
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Bytes as a string in C. */
function quoted(bytes: Uint8Array | null, length: number): string | null {
  if (!bytes) return null;
  const text = Array.from(bytes, (byte) => {
    if (ESCAPES[byte] !== undefined) return ESCAPES[byte];
    return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
  });
  return `"${text.join("")}"${length > bytes.length ? "..." : ""}`;
}

/** A name, up to the zero behind it. */
function path(load: (length: number) => Uint8Array | null): string | null {
  for (const length of [4096, 256, 64, 16]) {
    const bytes = load(length);
    const end = bytes?.indexOf(0) ?? -1;
    if (bytes && end >= 0) return quoted(bytes.subarray(0, end), end);
  }
  return null;
}

function socketAddress(bytes: Uint8Array | null): string | null {
  if (!bytes || bytes.length < 2) return null;
  const family = view(bytes).getUint16(0, true);
  if (family === AF_INET && bytes.length >= 8) {
    return `{AF_INET, port ${view(bytes).getUint16(2)}, ${bytes.subarray(4, 8).join(".")}}`;
  }
  if (family !== AF_UNIX) return null;
  const name = bytes.subarray(2);
  const end = name.indexOf(0, 1);
  const path = new TextDecoder().decode((end < 0 ? name : name.subarray(0, end)).slice());
  return `{AF_UNIX, ${JSON.stringify(path.replace(/^\0/, "@"))}}`;
}

function event(bytes: Uint8Array | null, at: number): string | null {
  if (!bytes) return null;
  return `{${epollMask(view(bytes).getUint32(at, true))}, data=${view(bytes).getBigUint64(at + 4, true)}}`;
}

function events(bytes: Uint8Array | null, count: number): string | null {
  if (!bytes) return null;
  const shown = Array.from({ length: bytes.length / EVENT_SIZE }, (_, i) => event(bytes, i * EVENT_SIZE));
  return `[${shown.join(", ")}${count > shown.length ? ", ..." : ""}]`;
}

function pair(bytes: Uint8Array | null): string | null {
  return bytes && `[${view(bytes).getInt32(0, true)}, ${view(bytes).getInt32(4, true)}]`;
}

function time(bytes: Uint8Array | null, unit: "nsec" | "usec"): string | null {
  return bytes && `{sec=${view(bytes).getBigInt64(0, true)}, ${unit}=${view(bytes).getBigInt64(8, true)}}`;
}

function itimerspec(bytes: Uint8Array | null): string | null {
  if (!bytes) return null;
  return `{it_interval=${time(bytes.subarray(0, 16), "nsec")}, it_value=${time(bytes.subarray(16), "nsec")}}`;
}

/** The entries of poll(): what is asked, and once the call has returned what is true of it. */
function pollfds(bytes: Uint8Array | null, count: number, done: boolean): string | null {
  if (!bytes) return null;
  const shown = Array.from({ length: bytes.length / POLLFD_SIZE }, (_, i) => {
    const at = i * POLLFD_SIZE;
    const [fd, events] = [view(bytes).getInt32(at, true), view(bytes).getUint16(at + 4, true)];
    const revents = view(bytes).getUint16(at + 6, true);
    return `{fd=${fd}, events=${pollMask(events)}${done && revents ? `, revents=${pollMask(revents)}` : ""}}`;
  });
  return `[${shown.join(", ")}${count > shown.length ? ", ..." : ""}]`;
}

function pollMask(bits: number): string {
  return epollMask(bits).replaceAll("EPOLL", "POLL");
}

/** The descriptors below a number whose bits are set. */
function fdset(bytes: Uint8Array | null, end: number): string | null {
  if (!bytes) return null;
  const fds = Array.from(bytes, (byte, i) =>
    [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => (byte >> bit) & 1).map((bit) => i * 8 + bit),
  );
  return `[${fds
    .flat()
    .filter((fd) => fd < end)
    .join(" ")}]`;
}
