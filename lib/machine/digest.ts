const MASK = 0xffff_ffff_ffff_ffffn;
const MULTIPLIER = 0x9e37_79b9_7f4a_7c15n;
const FINISH = 0xff51_afd7_ed55_8ccdn;

function mix(lane: bigint, word: bigint): bigint {
  const mixed = lane ^ word;
  return (((mixed << 29n) | (mixed >> 35n)) * MULTIPLIER) & MASK;
}

/**
 * A digest of bytes: 16 hexadecimal digits. A peer outside that was made with `{ keep: false }` has it of everything that
 * it has received as `received.digest`, however that was cut into packets. It finds mistakes; it is no protection against
 * whoever makes them on purpose.
 */
export function digestOf(bytes: Uint8Array): string {
  const lanes = [1n, 2n, 3n, 4n];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const words = bytes.length >> 3;
  for (let i = 0; i < words; i++) lanes[i & 3] = mix(lanes[i & 3]!, view.getBigUint64(i * 8, true));
  let pending = 0n;
  for (let i = words * 8; i < bytes.length; i++) pending |= BigInt(bytes[i]!) << BigInt((i & 7) * 8);
  let sum = BigInt(bytes.length) ^ ((pending * MULTIPLIER) & MASK);
  for (const lane of lanes) sum = mix(sum, lane);
  sum = ((sum ^ (sum >> 33n)) * FINISH) & MASK;
  return hex(sum ^ (sum >> 29n));
}

/** A digest as text. */
export function hex(digest: bigint): string {
  return BigInt.asUintN(64, digest).toString(16).padStart(16, "0");
}
