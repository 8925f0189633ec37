import { hex } from "../machine/memory.ts";
import { layout } from "../layout.gen.ts";

/** The names and values of the kernel's enums, by the enum's name. */
export const enums: Readonly<Record<string, { readonly values: Readonly<Record<string, number>> }>> = layout.enums;

const functions: Readonly<Record<string, string>> = layout.functions;

/** For each enum: its members' names by value. */
const byValue = new Map<string, Map<number, string>>();

function members(name: string): Map<number, string> {
  let found = byValue.get(name);
  if (!found) {
    found = new Map(Object.entries(enums[name]?.values ?? {}).map(([member, value]) => [value, member]));
    byValue.set(name, found);
  }
  return found;
}

/** Name of an enum's member, or the number itself if there is no such member. */
export function enumName(name: string, value: number): string {
  return members(name).get(value) ?? String(value);
}

/** The enum's members whose bits are set, joined by `|`; bits without a name in hexadecimal; `0` if none is set. */
export function flagNames(name: string, value: number, prefix = ""): string {
  let rest = value >>> 0;
  const names: string[] = [];
  for (const [bit, member] of members(name)) {
    if (bit === 0 || (value & bit) >>> 0 !== bit >>> 0) continue;
    names.push(prefix + member);
    rest = (rest & ~bit) >>> 0;
  }
  if (rest) names.push(hex(rest));
  return names.join("|") || "0";
}

/** Name of the function that an index into the function table stands for; `0` for none. */
export function functionName(index: number): string {
  return index === 0 ? "0" : (functions[String(index)] ?? `function ${index}`);
}

const EPOLL_PRIVATE: readonly (readonly [number, string])[] = [
  [0x1000_0000, "EPOLLEXCLUSIVE"],
  [0x2000_0000, "EPOLLWAKEUP"],
  [0x4000_0000, "EPOLLONESHOT"],
  [0x8000_0000, "EPOLLET"],
];

/** An epoll mask: `EPOLLIN|EPOLLET`. */
export function epollMask(mask: number): string {
  const names = [flagNames("Poll", (mask & 0x0fff_ffff) >>> 0, "EPOLL")];
  for (const [bit, name] of EPOLL_PRIVATE) if ((mask & bit) >>> 0 === bit) names.push(name);
  return names.length > 1 && names[0] === "0" ? names.slice(1).join("|") : names.join("|");
}

/** The name of a task, which lies in memory as 16 bytes ended by a zero. */
export function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes.slice() : bytes.slice(0, end));
}
