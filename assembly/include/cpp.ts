/*
 * What a C++ program has in its memory besides chunks, as libstdc++ 12 lays it out on x86-64: pointers have 64 bits and are user
 * addresses.
 */

/** A std::shared_ptr or std::weak_ptr. @kernel std::__shared_ptr, bits/shared_ptr_base.h (libstdc++) */
@unmanaged
export class SharedPtr {
  /** What get() answers; 0: null. */
  ptr: u64;
  /** The control block, a SpCountedBase; 0: it owns nothing. */
  refcount: u64;
}

/**
 * A control block: who owns an object together. Behind it come, by SpKind, the pointer to the object, the deleter and the
 * pointer, or the object itself.
 *
 * @kernel std::_Sp_counted_base, bits/shared_ptr_base.h (libstdc++)
 */
@unmanaged
export class SpCountedBase {
  /** Says what kind of block it is: a CppVtable. */
  vptr: u64;
  /** Owners: shared_ptrs. The object dies when it falls to 0. */
  use_count: u32;
  /** Observers: weak_ptrs, and 1 while there are owners. The block goes when it falls to 0. */
  weak_count: u32;
}

/** Kinds of control blocks, by what lies behind the counts. @kernel bits/shared_ptr_base.h (libstdc++) */
export enum SpKind {
  /** The pointer to an object that new has made: 24 bytes. @kernel std::_Sp_counted_ptr */
  PTR = 0,
  /** A deleter, which takes no room if it has no state, and the pointer. @kernel std::_Sp_counted_deleter */
  DELETER = 1,
  /** The object itself: make_shared(). @kernel std::_Sp_counted_ptr_inplace */
  INPLACE = 2,
  /** The pointer to an array that new[] has made: 24 bytes. @kernel std::_Sp_counted_deleter of std::__sp_array_delete */
  ARRAY_PTR = 3,
  /** Elements before it: make_shared() of an array. @kernel std::_Sp_counted_array */
  ARRAY = 4,
}

/** What a control block's vptr points at, in the data of the program. */
@unmanaged
export class CppVtable {
  /** SpKind. */
  kind: u32;
  /** Size of the deleter's state. Unit: bytes. */
  deleter: u32;
  /** The type of the object: a CppType. */
  type: u64;
  /** 1: the deleter is std::default_delete, of which nothing is said. */
  quiet: u32;
}

/** A class of the program, in its data. Its members follow, in order. */
@unmanaged
export class CppType {
  /** sizeof. Unit: bytes. */
  size: u32;
  /** alignof. Unit: bytes. */
  align: u32;
  /** Number of the class in the program. */
  id: u32;
  /** Number of members that own or observe something. */
  members: u32;
  /** 1: it begins with the weak_ptr of std::enable_shared_from_this. */
  from_this: u32;
}

/** A member of a class that owns or observes something. */
@unmanaged
export class CppMember {
  /** From the beginning of the object. Unit: bytes. */
  offset: u32;
  /** CppHolder. */
  holder: u32;
  /** The type of what it points to: a CppType. */
  type: u64;
}

/** What owns or observes an object. */
export enum CppHolder {
  /** A T*: nobody's business. */
  RAW = 0,
  /** A std::shared_ptr. */
  SHARED = 1,
  /** A std::weak_ptr. */
  WEAK = 2,
  /** A std::unique_ptr. */
  UNIQUE = 3,
  /** A std::unique_ptr of an array. */
  UNIQUE_ARRAY = 4,
}

/** What is still to be done while something is being destroyed, on the program's stack. */
@unmanaged
export class CppFrame {
  /** CppTask. */
  task: u32;
  /** Members or elements that are left; size of what is freed. */
  left: u32;
  /** What it is done to. */
  address: u64;
  /** Its type: a CppType, or 0. */
  type: u64;
}

/** What a CppFrame asks for. */
export enum CppTask {
  /** An object's destructor runs: its body, then its members from the last to the first. */
  DESTROY = 0,
  /** Its members are destroyed. */
  MEMBERS = 1,
  /** The elements of an array are destroyed, from the last to the first. */
  ELEMENTS = 2,
  /** Memory is given back. */
  FREE = 3,
  /** The owners are gone: they give up their share in the control block. */
  WEAK_RELEASE = 4,
  /** The control block is given back. */
  DESTROY_BLOCK = 5,
}

/** What libstdc++ knows of a process; it lies at CXX_AT in the data of the library. */
@unmanaged
export class CxxData {
  /** What is on the stack begins here: it grows downwards. */
  sp: u64;
  /** The stack ends here. */
  stack_limit: u64;
  /** Memory that is kept for exceptions when there is none left: 72,704 bytes. */
  emergency_pool: u64;
  /** End of the stack: the variables lie below it. */
  stack_end: u64;
  /** The data of the program: every CppType and CppVtable lies in it. */
  data: u64;
  /** Line of the statement that runs. */
  line: u32;
  /** Number of variables that live: those that were declared first. */
  alive: u32;
}

/** Where struct CxxData lies in the data of the library. Unit: bytes. */
export const CXX_AT: u32 = 0x100;
