import { NR } from "../abi.ts";
import type { Call, Faults } from "../program.ts";
import { AioCalls } from "./aio-calls.ts";
import { type Numbering, call } from "./linux-names.ts";
import { COMMAND } from "./stage.ts";
import type { Processes } from "./linux-signals.ts";
import type { RealBuffer, UserMemory } from "./memory.ts";
import { SignalJump } from "../../machine/signals.ts";

/** System calls of memory over the real kernel. A program maps where nothing else is: at addresses that it says. */
export class MemoryCalls extends AioCalls {
  readonly #memory: UserMemory;
  readonly #counts: RealBuffer;
  /** Whether the handler that this belongs to leaves what it has interrupted. */
  isJumping = false;

  constructor(fds: Numbering, memory: UserMemory, host: string, processes: Processes | null) {
    super(fds, memory, host, processes);
    this.#memory = memory;
    this.#counts = memory.buffer(16);
  }

  mmap(address: number, length: number, prot: number, flags: number, fd: number, offset: number): Call {
    return call(NR.mmap, address, length, prot, flags, fd < 0 ? fd : this.fds.real(fd), offset);
  }
  munmap(address: number, length: number): Call {
    return call(NR.munmap, address, length);
  }
  mremap(address: number, from: number, to: number, flags = 0, place = 0): Call {
    return call(NR.mremap, address, from, to, flags, place);
  }
  mprotect(address: number, length: number, prot: number): Call {
    return call(NR.mprotect, address, length, prot);
  }
  madvise(address: number, length: number, advice: number): Call {
    return call(NR.madvise, address, length, advice);
  }
  mincore(address: number, length: number, vec: RealBuffer | number): Call {
    return call(NR.mincore, address, length, typeof vec === "number" ? vec : vec.address);
  }
  msync(address: number, length: number, flags: number): Call {
    return call(NR.msync, address, length, flags);
  }
  mlock(address: number, length: number): Call {
    return call(NR.mlock, address, length);
  }
  munlock(address: number, length: number): Call {
    return call(NR.munlock, address, length);
  }
  brk(address: number): Call {
    return call(NR.brk, address);
  }

  *load(address: number, length: number): Generator<unknown, Uint8Array, number> {
    const bytes = this.#memory.buffer(length);
    yield* this.#copy(bytes.address, address, length, false);
    return bytes.bytes();
  }
  *store(address: number, data: string | Uint8Array): Generator<unknown, number, number> {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    const from = this.#memory.buffer(bytes.length);
    from.set(bytes);
    yield* this.#copy(address, from.address, bytes.length, true);
    return bytes.length;
  }
  siglongjmp(): void {
    this.isJumping = true;
  }
  faults(): Faults {
    const { buffer, byteOffset } = this.#counts.bytes();
    const [minor, major] = new BigInt64Array(buffer, byteOffset, 2);
    return { minor: Number(minor), major: Number(major) };
  }

  *#copy(to: number, from: number, length: number, stores: boolean): Generator<unknown, void, number> {
    const left = yield { nr: COMMAND.COPY, args: [to, from, length, this.#counts.address, Number(stores)] };
    if (left < 0) throw new Error("loads and stores need a C compiler (cc)");
    if (left > 0) throw new SignalJump();
  }
}
