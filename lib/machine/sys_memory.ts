import { type Integer, type SystemCall } from "./call.ts";
import { type BufferLike, UserBuffer, addressOf } from "./user_memory.ts";
import { NameCalls } from "./sys_names.ts";
import { layout } from "../layout.gen.ts";

const NR = layout.enums.Nr.values;

/** System calls of memory. */
export class MemoryCalls extends NameCalls {
  /** mmap(2); the answer is the address. memory() makes a buffer of it. */
  mmap(
    address: BufferLike,
    length: Integer,
    prot: Integer,
    flags: Integer,
    fd: Integer = -1,
    offset: Integer = 0,
  ): SystemCall {
    return this.call.begin(NR.mmap).with(addressOf(address), length, prot, flags, fd, offset) as SystemCall;
  }

  /** munmap(2) */
  munmap(address: BufferLike, length: Integer): SystemCall {
    return this.call.begin(NR.munmap).with(addressOf(address), length) as SystemCall;
  }

  /** mprotect(2) */
  mprotect(address: BufferLike, length: Integer, prot: Integer): SystemCall {
    return this.call.begin(NR.mprotect).with(addressOf(address), length, prot) as SystemCall;
  }

  /** brk(2): the system call, which answers where the heap ends now. */
  brk(address: BufferLike): SystemCall {
    return this.call.begin(NR.brk).with(addressOf(address)) as SystemCall;
  }

  /** madvise(2) */
  madvise(address: BufferLike, length: Integer, advice: Integer): SystemCall {
    return this.call.begin(NR.madvise).with(addressOf(address), length, advice) as SystemCall;
  }

  /** mincore(2): one byte of `vec` for each page. */
  mincore(address: BufferLike, length: Integer, vec: BufferLike): SystemCall {
    return this.call.begin(NR.mincore).with(addressOf(address), length, addressOf(vec)) as SystemCall;
  }

  /** msync(2) */
  msync(address: BufferLike, length: Integer, flags: Integer): SystemCall {
    return this.call.begin(NR.msync).with(addressOf(address), length, flags) as SystemCall;
  }

  /** mlock(2) */
  mlock(address: BufferLike, length: Integer): SystemCall {
    return this.call.begin(NR.mlock).with(addressOf(address), length) as SystemCall;
  }

  /** mlock2(2) */
  mlock2(address: BufferLike, length: Integer, flags: Integer): SystemCall {
    return this.call.begin(NR.mlock2).with(addressOf(address), length, flags) as SystemCall;
  }

  /** munlock(2) */
  munlock(address: BufferLike, length: Integer): SystemCall {
    return this.call.begin(NR.munlock).with(addressOf(address), length) as SystemCall;
  }

  /** mlockall(2) */
  mlockall(flags: Integer): SystemCall {
    return this.call.begin(NR.mlockall).with(flags) as SystemCall;
  }

  /** munlockall(2) */
  munlockall(): SystemCall {
    return this.call.begin(NR.munlockall).with() as SystemCall;
  }

  /** A buffer at an address that mmap() has answered, for the calls that take buffers. Unit: bytes. */
  memory(address: number, length: number): UserBuffer {
    return new UserBuffer(this.space, address, length);
  }
}
