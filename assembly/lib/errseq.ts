/*
 * An errseq_t: the last error of something, and how often one was noted after somebody had looked. So everybody who looks
 * is told of an error once, and who opens a file later is not told of one that all others know.
 *
 *   | counter, 19 bits | SEEN | error, 12 bits |
 */

/** The bits of the error. */
const ERRSEQ_MAX_ERRNO: u32 = 4095;
/** Somebody has looked since the error was noted. */
const ERRSEQ_SEEN: u32 = 4096;
/** The counter's step. */
const ERRSEQ_CTR_INC: u32 = 8192;

/** Notes an error at an address. @param error -errno. @kernel errseq_set(), lib/errseq.c */
export function errseq_set(eseq: usize, error: i32): void {
  let old = load<u32>(eseq);
  let next = (old & ~(ERRSEQ_MAX_ERRNO | ERRSEQ_SEEN)) | (<u32>-error);
  store<u32>(eseq, old & ERRSEQ_SEEN ? next + ERRSEQ_CTR_INC : next);
}

/** What to remember in order to be told of later errors, and of one that nobody has seen. @kernel errseq_sample() */
export function errseq_sample(eseq: usize): u32 {
  let old = load<u32>(eseq);
  return old & ERRSEQ_SEEN ? old : 0;
}

/**
 * Whether there was an error since it was last looked for.
 *
 * @param since  where it stands up to what errors are known; those up to now are known afterwards.
 * @returns      0 or -errno. @kernel errseq_check_and_advance(), lib/errseq.c
 */
export function errseq_check_and_advance(eseq: usize, since: usize): i32 {
  let old = load<u32>(eseq);
  if (old == load<u32>(since)) return 0;
  let seen = old | ERRSEQ_SEEN;
  store<u32>(eseq, seen);
  store<u32>(since, seen);
  return -(<i32>(old & ERRSEQ_MAX_ERRNO));
}
