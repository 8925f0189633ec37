import { type BufferLike, addressOf } from "./user_memory.ts";
import { type Integer, LIBRARY, type SystemCall } from "./call.ts";
import { MemoryCalls } from "./sys_memory.ts";
import { layout } from "../layout.gen.ts";

const CALL = layout.enums.LibraryCall.values;

/**
 * The functions of malloc(3). They are no system calls: they run in the program's own memory, as glibc's do, and make system
 * calls when the heap has to grow or shrink. A program that does what it must not do with its heap is ended by SIGABRT, or
 * by SIGSEGV.
 */
export class HeapCalls extends MemoryCalls {
  /** malloc(3); the answer is the address, 0 if there is no memory. memory() makes a buffer of it. */
  malloc(bytes: Integer): SystemCall {
    return this.library(CALL.malloc, bytes);
  }

  /** free(3) */
  free(address: BufferLike): SystemCall {
    return this.library(CALL.free, addressOf(address));
  }

  /** calloc(3) */
  calloc(number: Integer, bytes: Integer): SystemCall {
    return this.library(CALL.calloc, number, bytes);
  }

  /** realloc(3) */
  realloc(address: BufferLike, bytes: Integer): SystemCall {
    return this.library(CALL.realloc, addressOf(address), bytes);
  }

  /** aligned_alloc(3) */
  aligned_alloc(alignment: Integer, bytes: Integer): SystemCall {
    return this.library(CALL.aligned_alloc, alignment, bytes);
  }

  /** malloc_usable_size(3): how many bytes the memory at an address really has. */
  malloc_usable_size(address: BufferLike): SystemCall {
    return this.library(CALL.malloc_usable_size, addressOf(address));
  }

  /** Calls a function of the library by its number in LibraryCall. @internal */
  library(nr: number, a0: Integer = 0, a1: Integer = 0, a2: Integer = 0, a3: Integer = 0, a4: Integer = 0): SystemCall {
    return this.call.begin(LIBRARY).with(nr, a0, a1, a2, a3, a4) as SystemCall;
  }
}
