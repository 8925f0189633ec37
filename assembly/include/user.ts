/** What the user side of the machine needs while a task runs in its library: see assembly/user. */
@unmanaged
export class UserState {
  /** 1: the function that runs is to end, because of a page that is not there, or of MallocError. */
  stopped: u32;
  /** 1 if a store has found no page, 0 if a load has. */
  write: u32;
  /** The address at which there is no page. */
  address: u64;
  /** MallocError: what the library found wrong with the heap. */
  error: u32;
  /** Says which entries of the TLB are still good. */
  generation: u32;
  /** (task: TaskStruct) => i64: makes the system call in its registers; an index into the function table. */
  syscall: u32;
  /** (task: TaskStruct, address: u64, write: bool) => bool: serves a page fault; an index into the function table. */
  page_fault: u32;
}

/** Where a page of the process lies: what the processor remembers of the page tables. They follow struct UserState. */
@unmanaged
export class TlbEntry {
  /** Generation in the upper 28 bits, then the number of the page, and 1 in the lowest bit if it may be written. */
  tag: u64;
  /** Address of its frame. */
  frame: usize;
}

/** Number of entries of the TLB: a power of two. */
export const TLB_ENTRIES: u32 = 16;

/** Functions of the library that a program calls, and that are no system calls. */
export enum LibraryCall {
  /** malloc(3): bytes. */
  malloc = 1,
  /** free(3): address. */
  free = 2,
  /** calloc(3): number, bytes of each. */
  calloc = 3,
  /** realloc(3): address, bytes. */
  realloc = 4,
  /** aligned_alloc(3): alignment, bytes. */
  aligned_alloc = 5,
  /** malloc_usable_size(3): address. */
  malloc_usable_size = 6,
}
