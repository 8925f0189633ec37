import type { Scanner } from "./scanner.ts";
import type { StraceAnnotation, StraceEndpoint } from "./types.ts";

const QUOTE = 34;
const BACKSLASH = 92;
const LESS = 60;
const GREATER = 62;
const MINUS = 45;
const OPEN = 91;
const CLOSE = 93;

/** Reads `<...>` behind a descriptor, the scanner standing on the `<`. The same text gives the same object. */
export function readAnnotation(scanner: Scanner): StraceAnnotation {
  const text = scanAnnotation(scanner);
  const key = scanner.take(SUFFIX) ? text + SUFFIX : text;
  let annotation = scanner.annotations.get(key);
  if (!annotation) {
    annotation = parseAnnotation(key);
    scanner.annotations.set(key, annotation);
  }
  return annotation;
}

/**
 * Finds the end of the `<...>` the scanner stands on, and returns what is inside.
 *
 * A `>` is part of it in an arrow between brackets (`[161788->161789]`), in the inner `<char 1:9>`, and in quotes;
 * strace escapes it in a path.
 */
function scanAnnotation(scanner: Scanner): string {
  const { text } = scanner;
  const start = scanner.at + 1;
  let depth = 1;
  let brackets = 0;
  const isPath = text.charCodeAt(start) === 47;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === GREATER) {
      if (brackets > 0 && text.charCodeAt(at - 1) === MINUS) continue;
      if (--depth === 0) {
        scanner.at = at + 1;
        return text.slice(start, at);
      }
    } else if (code === LESS) depth++;
    else if (isPath) continue;
    else if (code === OPEN) brackets++;
    else if (code === CLOSE) brackets--;
    else if (code === QUOTE && brackets > 0) at = closingQuote(text, at);
  }
  scanner.fail('">" behind the descriptor', text.length);
}

/** Position of the quote that closes the one at `at`; the end of the text if none does. */
export function closingQuote(text: string, at: number): number {
  for (at++; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at++;
  }
  return text.length;
}

/**
 * Tells what an annotation says, from the text between its brackets and a `(deleted)` behind them. What it does not know becomes
 * `other`: newer straces invent new ones.
 */
function parseAnnotation(text: string): StraceAnnotation {
  if (text.startsWith("/")) return parsePath(text);
  const colon = text.indexOf(":");
  const prefix = text.slice(0, Math.max(colon, 0));
  const rest = text.slice(colon + 1);
  const inner = rest.startsWith("[") && rest.endsWith("]") ? rest.slice(1, -1) : undefined;
  if (prefix === "anon_inode") return { kind: "anonymous", name: inner ?? rest, text };
  const inode = inner !== undefined && /^\d{1,15}$/.test(inner) ? Number(inner) : undefined;
  if (prefix === "pipe" && inode !== undefined) return { kind: "pipe", inode, text };
  if (prefix === "socket" && inode !== undefined) return { kind: "socket", inode, text };
  const other: StraceAnnotation = { kind: "other", text };
  if (inner === undefined) return other;
  if (prefix.startsWith("UNIX")) return parseUnix(prefix, inner, text) ?? other;
  if (INTERNET_PROTOCOL.test(prefix)) return parseInternet(prefix, inner, inode, text) ?? other;
  return other;
}

const INTERNET_PROTOCOL = /^(?:TCP|UDP|UDPLITE|SCTP|DCCP|RAW|ICMP|PING|L2TP\/IP)(?:v6)?$/;
const DEVICE = /^(.*)<(char|block) (\d{1,10}):(\d{1,10})>$/s;
/** Behind the annotation of a file without a name; in older versions, inside and behind a blank. */
const SUFFIX = "(deleted)";

function parsePath(text: string): StraceAnnotation {
  const deleted = text.endsWith(SUFFIX);
  const name = deleted ? text.slice(0, -SUFFIX.length).trimEnd() : text;
  const device = name.endsWith(">") ? DEVICE.exec(name) : null;
  if (!device) return { kind: "file", path: name, deleted, text };
  const [, path = "", type, major, minor] = device;
  const kind = type === "block" ? "block" : "char";
  return { kind: "device", path, type: kind, major: Number(major), minor: Number(minor), deleted, text };
}

const UNIX = /^(\d{1,15})(?:->(\d{1,15}))?(?:,(@?)"(.*)")?$/s;

function parseUnix(prefix: string, inner: string, text: string): StraceAnnotation | undefined {
  const match = UNIX.exec(inner);
  if (!match) return undefined;
  const [, inode, peer, at, path] = match;
  return {
    kind: "unix",
    type: prefix.slice("UNIX-".length),
    inode: Number(inode),
    ...(peer !== undefined && { peer: Number(peer) }),
    ...(path !== undefined && { path }),
    ...(at === "@" && { abstract: true as const }),
    text,
  };
}

function parseInternet(
  protocol: string,
  inner: string,
  inode: number | undefined,
  text: string,
): StraceAnnotation | undefined {
  if (inode !== undefined) return { kind: "inet", protocol, inode, text };
  const arrow = inner.indexOf("->");
  const local = parseEndpoint(arrow < 0 ? inner : inner.slice(0, arrow));
  if (!local) return undefined;
  if (arrow < 0) return { kind: "inet", protocol, local, text };
  const remote = parseEndpoint(inner.slice(arrow + 2));
  return remote && { kind: "inet", protocol, local, remote, text };
}

function parseEndpoint(text: string): StraceEndpoint | undefined {
  const colon = text.lastIndexOf(":");
  const port = text.slice(colon + 1);
  if (colon < 0 || !/^\d{1,5}$/.test(port)) return undefined;
  const host = text.slice(0, colon);
  return { host: host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host, port: Number(port) };
}
