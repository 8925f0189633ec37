/*
 * What programs find in every browser and in Node, and an engine alone does not have. Loaded before everything else: the
 * library itself takes texts apart.
 */
import { host } from "./host.ts";

/** Greatest code points of one, two and three bytes. */
const [ONE, TWO, THREE] = [0x7f, 0x7ff, 0xffff];
const REPLACEMENT = 0xfffd;

/** As the web's, UTF-8 alone. */
class Utf8Encoder {
  readonly encoding = "utf-8";

  /** The bytes of a text. */
  encode(text = ""): Uint8Array<ArrayBuffer> {
    const bytes: number[] = [];
    for (const character of String(text).toWellFormed()) {
      const code = character.codePointAt(0)!;
      if (code <= ONE) bytes.push(code);
      else if (code <= TWO) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
      else if (code <= THREE) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
      else {
        bytes.push(
          0xf0 | (code >> 18),
          0x80 | ((code >> 12) & 0x3f),
          0x80 | ((code >> 6) & 0x3f),
          0x80 | (code & 0x3f),
        );
      }
    }
    return Uint8Array.from(bytes);
  }
}

/** What a first byte says: how many follow, what it holds of the code point, and the least code point that is right. */
function leading(byte: number): readonly [more: number, code: number, least: number] | null {
  if (byte <= ONE) return [0, byte, 0];
  if (byte >= 0xc2 && byte < 0xe0) return [1, byte & 0x1f, ONE + 1];
  if (byte >= 0xe0 && byte < 0xf0) return [2, byte & 0x0f, TWO + 1];
  if (byte >= 0xf0 && byte < 0xf5) return [3, byte & 0x07, THREE + 1];
  return null;
}

/** As the web's, UTF-8 alone: what is none becomes U+FFFD. */
class Utf8Decoder {
  readonly encoding = "utf-8";

  /** The text of bytes. */
  decode(from: Uint8Array | ArrayBuffer = new Uint8Array()): string {
    const bytes = ArrayBuffer.isView(from)
      ? new Uint8Array(from.buffer, from.byteOffset, from.byteLength)
      : new Uint8Array(from);
    const parts: string[] = [];
    for (let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0; at < bytes.length;) {
      const [code, length] = this.#next(bytes, at);
      parts.push(String.fromCodePoint(code));
      at += length;
    }
    return parts.join("");
  }

  /** The code point at a place, and its length; what is none is as long as what it could have begun. */
  #next(bytes: Uint8Array, at: number): [code: number, length: number] {
    const begun = leading(bytes[at]!);
    if (!begun) return [REPLACEMENT, 1];
    const [more, first, least] = begun;
    let code = first;
    for (let i = 1; i <= more; i++) {
      const byte = bytes[at + i] ?? 0;
      const next = (code << 6) | (byte & 0x3f);
      const rest = 6 * (more - i);
      const wrong =
        (next + 1) << rest <= least ||
        next << rest > 0x10_ffff ||
        (next << rest >= 0xd800 && ((next + 1) << rest) - 1 <= 0xdfff);
      if ((byte & 0xc0) !== 0x80 || (i === 1 && wrong)) return [REPLACEMENT, i];
      code = next;
    }
    return [code, more + 1];
  }
}

/** A value as a line of the console shows it. */
function shown(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (value instanceof Uint8Array)
    return `Uint8Array(${value.length}) [${Array.from(value.subarray(0, 32)).join(", ")}]`;
  try {
    const text: unknown = JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? `${part}n` : part));
    return typeof text === "string" ? text : String(value);
  } catch {
    return String(value);
  }
}

const log = (...values: unknown[]): void => host.log(values.map(shown).join(" "));

let seed = 0x9e37_79b9;

/** Chance that is the same in every run: a run can be shared, and shown again. */
function random(): number {
  seed = (seed + 0x6d2b_79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

Math.random = random;
// The time of a program is its machine's: kernel.now, clock_gettime().
Reflect.deleteProperty(globalThis, "Date");

Object.assign(globalThis, {
  TextEncoder: Utf8Encoder,
  TextDecoder: Utf8Decoder,
  console: { log, info: log, debug: log, warn: log, error: log },
});
