import { EXCHANGE_BASE } from "../include/kernel";
import { PeerDigest } from "../include/peer";
import { digest_begin, received_digest, take_received } from "../drivers/peer_digest";
import { flatfs_peek, flatfs_size } from "../fs/flatfs_world";

/** Where the digest stands meanwhile, and the bytes to take in: in the exchange window, behind the longest name. */
const DIGEST_AT: usize = EXCHANGE_BASE + 4096;
const BYTES_AT: usize = EXCHANGE_BASE + 8192;
const BYTES: usize = 32_768;

/**
 * Digests what lies on the disk where a file does, whose name lies in the exchange window, as a peer that has received
 * the same bytes does. Changes nothing.
 *
 * @returns  0 if there is no regular file of that name.
 */
export function disk_digest(name_length: u32): u64 {
  let size = flatfs_size(EXCHANGE_BASE, name_length);
  if (size < 0) return 0;
  let digest = changetype<PeerDigest>(DIGEST_AT);
  digest_begin(digest);
  for (let at: i64 = 0; at < size; at += BYTES) {
    flatfs_peek(EXCHANGE_BASE, name_length, at, BYTES_AT, BYTES);
    take_received(digest, BYTES_AT, <u32>min<i64>(BYTES, size - at));
  }
  return received_digest(digest);
}
