import { layout } from "../../layout.gen.ts";

const { values } = layout.enums.MallocError;

/** What the C library prints when it finds the heap broken and ends the process, by MallocError. */
const TEXTS: Readonly<Record<keyof typeof values, string>> = {
  NONE: "",
  FREE_POINTER: "free(): invalid pointer",
  FREE_SIZE: "free(): invalid size",
  DOUBLE_FREE_TCACHE: "free(): double free detected in tcache 2",
  DOUBLE_FREE_FASTTOP: "double free or corruption (fasttop)",
  NEXT_SIZE_FAST: "free(): invalid next size (fast)",
  DOUBLE_FREE_TOP: "double free or corruption (top)",
  DOUBLE_FREE_OUT: "double free or corruption (out)",
  DOUBLE_FREE_PREV: "double free or corruption (!prev)",
  NEXT_SIZE_NORMAL: "free(): invalid next size (normal)",
  CONSOLIDATING: "corrupted size vs. prev_size while consolidating",
  FREE_UNSORTED: "free(): corrupted unsorted chunks",
  TCACHE_COUNT: "free(): too many chunks detected in tcache",
  FREE_UNALIGNED_TCACHE: "free(): unaligned chunk detected in tcache 2",
  UNALIGNED_TCACHE: "malloc(): unaligned tcache chunk detected",
  UNALIGNED_FASTBIN: "malloc(): unaligned fastbin chunk detected",
  FAST_SIZE: "malloc(): memory corruption (fast)",
  SMALLBIN: "malloc(): smallbin double linked list corrupted",
  UNSORTED_SIZE: "malloc(): invalid size (unsorted)",
  UNSORTED_NEXT_SIZE: "malloc(): invalid next size (unsorted)",
  UNSORTED_PREV_SIZE: "malloc(): mismatching next->prev_size (unsorted)",
  UNSORTED_LIST: "malloc(): unsorted double linked list corrupted",
  UNSORTED_PREV_INUSE: "malloc(): invalid next->prev_inuse (unsorted)",
  UNSORTED_CHUNKS: "malloc(): corrupted unsorted chunks",
  TOP_SIZE: "malloc(): corrupted top size",
  UNLINK_SIZE: "corrupted size vs. prev_size",
  UNLINK_LIST: "corrupted double-linked list",
  UNLINK_NEXTSIZE: "corrupted double-linked list (not small)",
  CONSOLIDATE_SIZE: "malloc_consolidate(): invalid chunk size",
  CONSOLIDATE_PREV: "corrupted size vs. prev_size in fastbins",
  MUNMAP_POINTER: "munmap_chunk(): invalid pointer",
  REALLOC_POINTER: "realloc(): invalid pointer",
  REALLOC_OLD_SIZE: "realloc(): invalid old size",
  REALLOC_NEXT_SIZE: "realloc(): invalid next size",
};

const BY_NUMBER = new Map<number, string>(
  Object.entries(values).map(([name, value]) => [value, TEXTS[name as keyof typeof values]]),
);

/** What the C library prints when it finds the heap broken. @param error  a MallocError. */
export function mallocError(error: number): string {
  return BY_NUMBER.get(error) ?? String(error);
}
