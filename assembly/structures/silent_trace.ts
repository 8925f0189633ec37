/*
 * Stands for include/trace.ts where the kernel's structures are compiled without a kernel: nobody listens, and the
 * compiler leaves nothing of it.
 */

/** What the structures tell of. */
export enum Tp {
  rb_insert_case_1,
  rb_insert_case_2,
  rb_insert_case_3,
  rb_erase_case_1,
  rb_erase_case_2,
  rb_erase_case_3,
  rb_erase_case_4,
}

/** Tells nobody. */
export function trace(_event: Tp, _arg0: usize, _arg1: usize, _arg2: usize): void {}

/** Nobody listens beforehand either. */
export function about(_event: Tp, _arg0: usize, _arg1: usize, _arg2: usize): void {}
