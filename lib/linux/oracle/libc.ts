import koffi from "koffi";
import { NR } from "../abi.ts";

const libc = koffi.load("libc.so.6");
const raw = libc.func(
  "int64_t syscall(int64_t nr, intptr_t a, intptr_t b, intptr_t c, intptr_t d, intptr_t e, intptr_t f)",
);

/** One system call of this thread by number, past the C library's own ideas: `>= 0`, or `-errno`. */
export function syscall(nr: number, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0): number {
  const value = raw(nr, a, b, c, d, e, f) as number;
  return value < 0 ? -koffi.errno() : value;
}

/** Real user memory: its address, and the same bytes for JavaScript. */
export interface Mapping {
  address: number;
  bytes: Uint8Array;
}

/** Maps `length` bytes (whole pages) of anonymous memory with a page behind it that nobody may touch. */
export function mapMemory(length: number): Mapping {
  const pageSize = 4096;
  const MAP_PRIVATE_ANONYMOUS = 0x22;
  const address = syscall(NR.mmap, 0, length + pageSize, 0, MAP_PRIVATE_ANONYMOUS, -1, 0);
  const MAP_FIXED = 0x10;
  const PROT_READ_WRITE = 3;
  if (address < 0) throw new Error(`mmap of ${length} bytes: errno ${-address}`);
  syscall(NR.mmap, address, length, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS | MAP_FIXED, -1, 0);
  return { address, bytes: new Uint8Array(koffi.view(BigInt(address), length)) };
}

/** Maps memory that others share: a file descriptor of theirs. */
export function mapShared(fd: number, length: number): Mapping {
  const [PROT_READ_WRITE, MAP_SHARED] = [3, 1];
  const address = syscall(NR.mmap, 0, length, PROT_READ_WRITE, MAP_SHARED, fd, 0);
  if (address < 0) throw new Error(`mmap of ${length} shared bytes: errno ${-address}`);
  return { address, bytes: new Uint8Array(koffi.view(BigInt(address), length)) };
}

export function unmap({ address, bytes }: Mapping): void {
  syscall(NR.munmap, address, bytes.length);
}
