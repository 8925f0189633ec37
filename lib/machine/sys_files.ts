import { type Integer, type SystemCall } from "./call.ts";
import { type Data, type IoVector } from "./sys_base.ts";
import { PositionCalls } from "./sys_positions.ts";
import { type BufferLike, addressOf, bytesOf, lengthOf } from "./user_memory.ts";
import { layout } from "../layout.gen.ts";

const NR = layout.enums.Nr.values;

/** Number of bytes that a call writes if the program does not say. */
export function dataLength(data: Data, call: string): number {
  return typeof data === "string" || data instanceof Uint8Array ? bytesOf(data).length : lengthOf(data, call);
}

/** System calls of files and descriptors. */
export class FileCalls extends PositionCalls {
  /** read(2) */
  read(fd: Integer, buffer: BufferLike, count: Integer = lengthOf(buffer, "read")): SystemCall {
    return this.call.begin(NR.read).with(fd, addressOf(buffer), count) as SystemCall;
  }

  /** write(2); a string is written as UTF-8. */
  write(fd: Integer, data: Data, count: Integer = dataLength(data, "write")): SystemCall {
    return this.beginScratch(NR.write).with(fd, this.place(data), count) as SystemCall;
  }

  /** readv(2) */
  readv(fd: Integer, pieces: readonly IoVector[] | Integer, count?: Integer): SystemCall {
    const call = this.beginScratch(NR.readv);
    if (typeof pieces !== "object") return call.with(fd, pieces, count) as SystemCall;
    return call.with(fd, this.iovecs(pieces), count ?? pieces.length) as SystemCall;
  }

  /** writev(2); strings are written as UTF-8. */
  writev(fd: Integer, pieces: readonly (IoVector | string | Uint8Array)[] | Integer, count?: Integer): SystemCall {
    const call = this.beginScratch(NR.writev);
    if (typeof pieces !== "object") return call.with(fd, pieces, count) as SystemCall;
    return call.with(fd, this.iovecs(pieces), count ?? pieces.length) as SystemCall;
  }

  /** pread(2) */
  pread64(fd: Integer, buffer: BufferLike, count: Integer, offset: Integer): SystemCall {
    return this.call.begin(NR.pread64).with(fd, addressOf(buffer), count, offset) as SystemCall;
  }

  /** pwrite(2) */
  pwrite64(fd: Integer, data: Data, count: Integer, offset: Integer): SystemCall {
    return this.beginScratch(NR.pwrite64).with(fd, this.place(data), count, offset) as SystemCall;
  }

  /** lseek(2) */
  lseek(fd: Integer, offset: Integer, whence: Integer): SystemCall {
    return this.call.begin(NR.lseek).with(fd, offset, whence) as SystemCall;
  }

  /** fsync(2) */
  fsync(fd: Integer): SystemCall {
    return this.call.begin(NR.fsync).with(fd) as SystemCall;
  }

  /** fdatasync(2) */
  fdatasync(fd: Integer): SystemCall {
    return this.call.begin(NR.fdatasync).with(fd) as SystemCall;
  }

  /** sync_file_range(2) */
  sync_file_range(fd: Integer, offset: Integer, bytes: Integer, flags: Integer): SystemCall {
    return this.call.begin(NR.sync_file_range).with(fd, offset, bytes, flags) as SystemCall;
  }

  /** sync(2) */
  sync(): SystemCall {
    return this.call.begin(NR.sync).with() as SystemCall;
  }

  /** syncfs(2) */
  syncfs(fd: Integer): SystemCall {
    return this.call.begin(NR.syncfs).with(fd) as SystemCall;
  }

  /** close(2) */
  close(fd: Integer): SystemCall {
    return this.call.begin(NR.close).with(fd) as SystemCall;
  }

  /** dup(2) */
  dup(fd: Integer): SystemCall {
    return this.call.begin(NR.dup).with(fd) as SystemCall;
  }

  /** dup2(2) */
  dup2(fd: Integer, to: Integer): SystemCall {
    return this.call.begin(NR.dup2).with(fd, to) as SystemCall;
  }

  /** dup3(2) */
  dup3(fd: Integer, to: Integer, flags: Integer): SystemCall {
    return this.call.begin(NR.dup3).with(fd, to, flags) as SystemCall;
  }

  /** close_range(2) */
  close_range(first: Integer, last: Integer, flags: Integer = 0): SystemCall {
    return this.call.begin(NR.close_range).with(first, last, flags) as SystemCall;
  }

  /** fcntl(2) */
  fcntl(fd: Integer, command: Integer, argument: Integer = 0): SystemCall {
    return this.call.begin(NR.fcntl).with(fd, command, argument) as SystemCall;
  }

  /** ioctl(2); an object as argument is given the int that the request answers with. */
  ioctl(fd: Integer, request: Integer, argument: { value: number } | Integer = 0): SystemCall {
    const call = this.beginScratch(NR.ioctl);
    if (typeof argument !== "object") return call.with(fd, request, argument) as SystemCall;
    const at = this.put(new Uint8Array(Int32Array.of(argument.value ?? 0).buffer));
    call.finish = (result) => {
      if (result >= 0) argument.value = this.written(at, 4).getInt32(0, true);
      return result;
    };
    return call.with(fd, request, at) as SystemCall;
  }

  /** pipe2(2); `fds` is given the two descriptors: to read from, and to write to. */
  pipe2(fds: number[] | Integer, flags: Integer = 0): SystemCall {
    const call = this.beginScratch(NR.pipe2);
    return call.with(this.fillPair(call, fds), flags) as SystemCall;
  }

  /** eventfd(2) */
  eventfd(initval: Integer, flags: Integer = 0): SystemCall {
    return this.call.begin(NR.eventfd2).with(initval, flags) as SystemCall;
  }
}
