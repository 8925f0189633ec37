import { describe } from "./call.ts";
import { layout } from "../layout.gen.ts";

const { UNSPEC, UNIX, INET, INET6 } = layout.enums.Af.values;
const { SOCKADDR_IN_SIZE, SOCKADDR_IN6_SIZE } = layout.constants;

/** An address of the internet. Without `host`: any for bind(), this machine for connect(). */
export interface InternetAddress {
  readonly port: number;
  /** `127.0.0.1`, `::1`. */
  readonly host?: string;
}

/** An address of AF_UNIX. */
export interface UnixAddress {
  /** A leading NUL is the abstract name space; empty: none. */
  readonly path: string;
}

/** The address of a socket. */
export type SocketAddress = InternetAddress | UnixAddress;

/** An object that a call fills with an address. */
export interface FilledAddress {
  port?: number;
  host?: string;
  path?: string;
}

/** Size of a struct sockaddr_storage: room for every address. Unit: bytes. */
export const SOCKADDR_SIZE = layout.constants.SOCKADDR_STORAGE_SIZE;

/** An address as C has it. @param host  what an internet address without host stands for. */
export function encodeAddress(address: SocketAddress, host: string): Uint8Array {
  return "path" in address ? encodePath(address.path) : encodeInternet(address.port, address.host ?? host);
}

function encodePath(path: string): Uint8Array {
  const name = new TextEncoder().encode(path);
  // A path ends with a NUL; an abstract name is as long as the address says.
  const bytes = new Uint8Array(2 + name.length + (path === "" || path.startsWith("\0") ? 0 : 1));
  new DataView(bytes.buffer).setUint16(0, UNIX, true);
  bytes.set(name, 2);
  return bytes;
}

function encodeInternet(port: number, host: string): Uint8Array {
  if (!(Number.isInteger(port) && port >= 0 && port <= 0xffff)) {
    throw new RangeError(`a port is a whole number from 0 to 65535, not ${describe(port)}`);
  }
  const six = host.includes(":");
  const bytes = new Uint8Array(six ? SOCKADDR_IN6_SIZE : SOCKADDR_IN_SIZE);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, six ? INET6 : INET, true);
  view.setUint16(2, port, false);
  bytes.set(six ? parseSix(host) : parseFour(host), six ? 8 : 4);
  return bytes;
}

function parseFour(host: string): number[] {
  const parts = host.split(".").map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256));
  if (parts.length !== 4 || parts.some((part) => part > 255)) {
    throw new RangeError(`a host is an address such as 127.0.0.1 or ::1, not ${JSON.stringify(host)}`);
  }
  return parts;
}

function parseSix(host: string): number[] {
  const groups = (text: string) => (text === "" ? [] : text.split(":"));
  const [head = "", tail, ...more] = host.split("::");
  const front = groups(head);
  const back = groups(tail ?? "");
  const missing = 8 - front.length - back.length;
  const all = tail === undefined ? front : [...front, ...Array<string>(Math.max(0, missing)).fill("0"), ...back];
  if (more.length > 0 || all.length !== 8 || all.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) {
    throw new RangeError(`a host is an address such as 127.0.0.1 or ::1, not ${JSON.stringify(host)}`);
  }
  return all.flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff]);
}

/** Fills an object with an address that the kernel has written, `length` bytes long. */
export function decodeAddress(bytes: Uint8Array, length: number, into: FilledAddress): void {
  delete into.port;
  delete into.host;
  delete into.path;
  if (length < 2) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  switch (view.getUint16(0, true)) {
    case INET:
      into.port = view.getUint16(2, false);
      into.host = Array.from(bytes.subarray(4, 8)).join(".");
      break;
    case INET6:
      into.port = view.getUint16(2, false);
      into.host = formatSix(Array.from({ length: 8 }, (_, i) => view.getUint16(8 + 2 * i, false)));
      break;
    case UNIX:
      into.path = decodePath(bytes.subarray(2, length));
      break;
    case UNSPEC:
      break;
  }
}

function decodePath(name: Uint8Array): string {
  // An abstract name begins with a NUL and may hold more of them; a path ends at the first.
  const end = name[0] === 0 ? -1 : name.indexOf(0);
  return new TextDecoder().decode(end < 0 ? name : name.subarray(0, end));
}

/** The longest run of zeros is written as `::`. */
function formatSix(groups: readonly number[]): string {
  const text = groups.map((group) => group.toString(16)).join(":");
  const runs = [...text.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)];
  const longest = runs.reduce((best, run) => (run[0].length > best.length ? run[0] : best), "");
  if (longest === "") return text;
  const at = text.indexOf(longest);
  return `${text.slice(0, at)}::${text.slice(at + longest.length).replace(/^:/, "")}`;
}
