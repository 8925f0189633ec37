import type { Change } from "./share.ts";

/** A change with its tick and what else belongs to it, as an address says it: `choose.120.2`, `drop-packet.30.in`. */
export function formatChange(change: Change): string {
  const { kind, tick, ...rest } = change;
  return [kind, tick, ...Object.values(rest)].join(".");
}

/** Reads what formatChange() writes; null for everything else. */
export function parseChange(text: string): Change | null {
  const [kind, at = "", first = "", second = "", ...more] = text.split(".");
  const [tick, number, signal] = [wholeOf(at), wholeOf(first), wholeOf(second)];
  if (tick === null || more.length > 0) return null;
  if (kind === "choose" && number !== null && second === "") return { kind, tick, pid: number };
  if (kind === "fail-allocation" && first === "") return { kind, tick };
  if (kind === "drop-packet" && (first === "in" || first === "out") && second === "")
    return { kind, tick, direction: first };
  if (kind === "fail-disk" && (first === "read" || first === "write") && second === "")
    return { kind, tick, operation: first };
  if (kind === "signal" && number !== null && signal !== null && signal >= 1 && signal <= 64)
    return { kind, tick, pid: number, signal };
  return null;
}

function wholeOf(text: string): number | null {
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}
