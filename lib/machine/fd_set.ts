import { type UserSpace } from "./user_memory.ts";

/** Descriptors that fit into a C library's fd_set: its size is fixed when a program is compiled. */
const FD_SETSIZE = 1024;
/** Size of a C library's fd_set. Unit: bytes. */
export const FD_SET_SIZE = FD_SETSIZE / 8;

/**
 * A C library's fd_set in user memory: 1,024 bits. As in C nobody checks the number: the bit of descriptor 1024 is the
 * first one of whatever lies behind the set.
 */
export class FdSet {
  /** Address in the program's address space. */
  readonly address: number;
  readonly #space: UserSpace;

  constructor(space: UserSpace, address: number) {
    this.#space = space;
    this.address = address;
  }

  /** FD_SET(): sets the bit of a descriptor. @throws RangeError if no memory is mapped there. */
  set(fd: number): this {
    return this.#change(fd, (byte, bit) => byte | bit);
  }

  /** FD_CLR(): clears the bit of a descriptor. @throws RangeError if no memory is mapped there. */
  clear(fd: number): this {
    return this.#change(fd, (byte, bit) => byte & ~bit);
  }

  /** FD_ISSET(): whether the bit of a descriptor is set. @throws RangeError if no memory is mapped there. */
  has(fd: number): boolean {
    return (this.#byte(fd) & (1 << (fd & 7))) !== 0;
  }

  /** FD_ZERO(): clears all 1,024 bits. */
  zero(): this {
    this.#space.store(this.address, new Uint8Array(FD_SET_SIZE));
    return this;
  }

  /** The descriptors whose bits are set, ascending. */
  get fds(): number[] {
    return bitsOf(this.#space.load(this.address, FD_SET_SIZE));
  }

  #change(fd: number, next: (byte: number, bit: number) => number): this {
    const byte = next(this.#byte(fd), 1 << (fd & 7));
    this.#space.store(this.#place(fd), Uint8Array.of(byte));
    return this;
  }

  #byte(fd: number): number {
    const [byte] = this.#space.load(this.#place(fd), 1);
    if (byte !== undefined) return byte;
    throw new RangeError(`segmentation fault: the bit of descriptor ${fd} lies where no memory is mapped`);
  }

  #place(fd: number): number {
    if (Number.isInteger(fd) && fd >= 0) return this.address + (fd >> 3);
    throw new RangeError(`a descriptor is a whole number from 0 on, not ${String(fd)}`);
  }
}

/** The numbers of the bits that are set, ascending. */
export function bitsOf(bytes: Uint8Array): number[] {
  const bits: number[] = [];
  bytes.forEach((byte, i) => {
    for (let bit = 0; byte >> bit; bit++) if ((byte >> bit) & 1) bits.push(i * 8 + bit);
  });
  return bits;
}

/** As many bytes as the kernel takes for descriptors below `nfds`, or more if a number needs them, with bits set. */
export function encodeBits(fds: readonly number[], nfds: number): Uint8Array {
  const most = fds.reduce((greatest, fd) => Math.max(greatest, fd + 1), nfds);
  const bytes = new Uint8Array(Math.ceil(most / 64) * 8);
  for (const fd of fds) {
    if (!(Number.isInteger(fd) && fd >= 0)) {
      throw new RangeError(`a set has descriptors, whole numbers from 0 on, not ${String(fd)}`);
    }
    bytes[fd >> 3]! |= 1 << (fd & 7);
  }
  return bytes;
}
