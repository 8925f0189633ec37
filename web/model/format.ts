/** A time since boot, with the unit that suits it: `850 ns`, `41.2 µs`, `3.05 ms`. */
export function formatTime(ns: number): string {
  if (ns < 1000) return `${Math.round(ns)} ns`;
  if (ns < 1_000_000) return `${trim(ns / 1000)} µs`;
  if (ns < 1_000_000_000) return `${trim(ns / 1_000_000)} ms`;
  return `${trim(ns / 1_000_000_000)} s`;
}

/** Three digits that count, at least. */
function trim(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** A whole number with its thousands apart by a narrow space, which every language reads. */
export function formatCount(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** An address as it is shown: `0x100040`. */
export function formatAddress(address: number): string {
  return `0x${address.toString(16)}`;
}

const UNITS = ["KiB", "MiB", "GiB"] as const;

/** A number of bytes with the unit that suits it: `1000 B`, `64 KiB`, `1 GiB`. */
export function formatSize(bytes: number): string {
  const power = Math.min(UNITS.length, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const value = bytes / 1024 ** power;
  return power === 0 ? `${bytes} B` : `${Number.isInteger(value) ? value : trim(value)} ${UNITS[power - 1]!}`;
}

/** A text of the library as the page shows it: arrows as on the stage, not as they are typed. */
export function withArrows(text: string): string {
  return text.replaceAll(" <- ", " ← ").replaceAll(" -> ", " → ");
}
