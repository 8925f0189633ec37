import { NR } from "../abi.ts";
import type { Call } from "../program.ts";
import { AioCalls } from "./aio-calls.ts";
import { call } from "./linux-names.ts";
import type { RealBuffer } from "./memory.ts";

/** System calls of memory over the real kernel. A program maps where nothing else is: at addresses that it says. */
export class MemoryCalls extends AioCalls {
  mmap(address: number, length: number, prot: number, flags: number, fd: number, offset: number): Call {
    return call(NR.mmap, address, length, prot, flags, fd < 0 ? fd : this.fds.real(fd), offset);
  }
  munmap(address: number, length: number): Call {
    return call(NR.munmap, address, length);
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
}
