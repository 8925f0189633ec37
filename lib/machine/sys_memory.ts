import { ACCESS, type Integer, type PendingCall, type SystemCall, describe } from "./call.ts";
import { type BufferLike, UserBuffer, addressOf, bytesOf } from "./user_memory.ts";
import { MAX_PAYLOAD } from "./journal.ts";
import { SignalJump } from "./signals.ts";
import { NameCalls } from "./sys_names.ts";
import { layout } from "../layout.gen.ts";

const NR = layout.enums.Nr.values;

/** More is not loaded at once. Unit: bytes. */
const MOST_LOADED = 1 << 30;

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

  /** mremap(2); the answer is the address. */
  mremap(
    old_address: BufferLike,
    old_size: Integer,
    new_size: Integer,
    flags: Integer = 0,
    new_address: BufferLike = 0,
  ): SystemCall {
    const [from, to] = [addressOf(old_address), addressOf(new_address)];
    return this.call.begin(NR.mremap).with(from, old_size, new_size, flags, to) as SystemCall;
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

  /**
   * Loads from memory, as a program's own instructions do: a page that is not there is a page fault. What is not mapped
   * raises SIGSEGV, a page behind the end of a file SIGBUS; when a handler has come back, the load is tried again.
   *
   * @throws SignalJump  if a handler called siglongjmp() meanwhile.
   * @throws TypeError, RangeError  for what is no number of bytes.
   */
  *load(address: BufferLike, length: number): Generator<PendingCall, Uint8Array<ArrayBuffer>, number> {
    const at = Number(addressOf(address));
    if (!(Number.isInteger(length) && length >= 0 && length <= MOST_LOADED)) {
      const Mistake = typeof length === "number" ? RangeError : TypeError;
      throw new Mistake(`load(address, length) takes 0 to ${MOST_LOADED} bytes, not ${describe(length)}`);
    }
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const part = Math.min(length - done, MAX_PAYLOAD);
      const got: number = yield* this.call.begin(ACCESS).with(at + done, part) as SystemCall;
      this.#landing();
      // A page that was taken away before the program went on is loaded again.
      if (got > 0) done += this.space.loadInto(bytes.subarray(done), at + done, got);
    }
    return bytes;
  }

  /**
   * Stores to memory, as a program's own instructions do; see load().
   *
   * @returns  the number of bytes. @throws SignalJump if a handler called siglongjmp() meanwhile.
   */
  *store(address: BufferLike, data: string | Uint8Array): Generator<PendingCall, number, number> {
    const at = Number(addressOf(address));
    const bytes = bytesOf(data);
    for (let done = 0; done < bytes.length;) {
      const part = bytes.subarray(done, done + MAX_PAYLOAD);
      const call = this.call.begin(ACCESS).with(at + done, part.length);
      call.bytes = part;
      done += yield* call as SystemCall;
      this.#landing();
    }
    return bytes.length;
  }

  /** siglongjmp(3), in a handler: the load or store that it has interrupted throws a SignalJump, and is not tried again. */
  siglongjmp(): void {
    this.space.handlers.jumping = true;
  }

  #landing(): void {
    const { handlers } = this.space;
    if (!handlers.jumping) return;
    handlers.jumping = false;
    throw new SignalJump();
  }

  /** A buffer at an address that mmap() has answered, for the calls that take buffers. Unit: bytes. */
  memory(address: number, length: number): UserBuffer {
    return new UserBuffer(this.space, address, length);
  }
}
