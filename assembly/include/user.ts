import { TLB_BASE } from "./kernel";

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
  /** (task: TaskStruct) => i64: makes the system call in its registers; an index into the function table. */
  syscall: u32;
  /** (task: TaskStruct, address: u64, write: bool) => bool: serves a page fault; an index into the function table. */
  page_fault: u32;
}

/**
 * What the processor remembers of the page tables, so that a load or store of a program need not walk them. Behind it lie
 * TLB_ENTRIES entries, of which a page may have one, and the numbers of those that are used, 2 bytes each.
 */
@unmanaged
export class Tlb {
  /** Number of the input that has used it last: after any other input nothing is known. */
  input: u64;
  /** User address of the library's data: MmStruct.start_data. */
  start_data: u64;
  /** User address of the thread's tcache. */
  tcache: u64;
  /** Where that lies. */
  tcache_at: usize;
  /** Where the library's data lies, if it and the tcache may be written and nobody traces; else 0. */
  libc: usize;
  /** The address space that it is of: a MmStruct. */
  @to("MmStruct") mm: usize;
  /** Number of entries that are used. */
  used: u32;
  /** Number of those that may be: TLB_ENTRIES, unless somebody wants a smaller one. */
  limit: u32;
}

/** Where a page of the process lies. */
@unmanaged
export class TlbEntry {
  /** User address of the page that may be loaded from; another entry's if this one is not used. */
  readable: u64;
  /** User address of the page if it may be stored to as well; another entry's otherwise. */
  writable: u64;
  /** How far its frame lies from its user address. Unit: bytes. */
  offset: usize;
}

/** Number of entries of the TLB: a power of two. */
export const TLB_ENTRIES: u32 = 1024;

/** The TLB. */
export const tlb: Tlb = changetype<Tlb>(TLB_BASE);

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
  /** A C++ program begins: where its stack may grow to, where it ends, and where its types lie. */
  cxx_start = 100,
  /** A statement of a C++ program begins: its line, how many variables live. */
  cpp_statement = 101,
  /** new T: CppType. */
  new_object = 102,
  /** delete: address, CppType. */
  delete_object = 103,
  /** new T[n]: CppType, n. */
  new_array = 104,
  /** delete[]: address, CppType. */
  delete_array = 105,
  /** A shared_ptr of an object: its address, the object, CppVtable. */
  shared_from_pointer = 106,
  /** A shared_ptr of an array: its address, the array, CppVtable. */
  shared_from_array = 107,
  /** A shared_ptr of what a unique_ptr has: its address, the unique_ptr's, CppVtable. */
  shared_from_unique = 108,
  /** std::make_shared: address of the shared_ptr, CppVtable. */
  make_shared = 109,
  /** std::make_shared of an array: address of the shared_ptr, CppVtable, n. */
  make_shared_array = 110,
  /** A shared_ptr is copied: its address, that of the other one. */
  shared_copy = 111,
  /** A shared_ptr is moved from another one. */
  shared_move = 112,
  /** A shared_ptr that points elsewhere: its address, that of the other one, where to. */
  shared_alias = 113,
  /** A shared_ptr is assigned: its address, that of the other one. */
  shared_assign = 114,
  /** A shared_ptr is assigned by moving. */
  shared_move_assign = 115,
  /** A shared_ptr becomes empty. */
  shared_reset = 116,
  /** A shared_ptr ends. */
  shared_destroy = 117,
  /** Two shared_ptrs, or two weak_ptrs, are swapped. */
  pointer_swap = 118,
  /** An empty shared_ptr or weak_ptr begins. */
  pointer_clear = 119,
  /** A shared_ptr of what a weak_ptr observes: its address, the weak_ptr's. */
  weak_lock = 120,
  /** A weak_ptr is made from a shared_ptr or another weak_ptr. */
  weak_copy = 121,
  /** A weak_ptr is moved from another one. */
  weak_move = 122,
  /** A weak_ptr is assigned a shared_ptr or weak_ptr. */
  weak_assign = 123,
  /** A weak_ptr is assigned by moving. */
  weak_move_assign = 124,
  /** A weak_ptr becomes empty. */
  weak_reset = 125,
  /** A weak_ptr ends. */
  weak_destroy = 126,
  /** A pointer or unique_ptr begins: its address, the object. */
  unique_set = 127,
  /** A unique_ptr is moved from another one. */
  unique_move = 128,
  /** A unique_ptr is assigned by moving: its address, that of the other one, CppType. */
  unique_move_assign = 129,
  /** A unique_ptr gets another object: its address, the object, CppType. */
  unique_reset = 130,
  /** A unique_ptr ends: its address, CppType. */
  unique_destroy = 131,
  /** A unique_ptr of an array ends: its address, CppType. */
  unique_destroy_array = 132,
  /** Two unique_ptrs are swapped. */
  unique_swap = 133,
  /** use_count() of a shared_ptr or weak_ptr. */
  use_count = 134,
  /** expired() of a weak_ptr. */
  expired = 135,
  /** A thread begins and ends: counts are atomic from now on. */
  cpp_thread = 136,
}
