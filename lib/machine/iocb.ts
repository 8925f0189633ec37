import { type BufferLike, UserBuffer, type UserSpace, addressOf } from "./user_memory.ts";
import { type Integer, checkNames } from "./call.ts";
import { type FieldName, fieldOffset, structLayout } from "./memory.ts";
import { layout } from "../layout.gen.ts";

/** Size of a struct iocb. Unit: bytes. */
const IOCB_SIZE = structLayout("Iocb").size;
/** Size of a struct io_event. Unit: bytes. */
export const IO_EVENT_SIZE = structLayout("IoEvent").size;

const { RESFD, IOPRIO } = layout.enums.IocbFlag.values;

/** What is asked for with io_submit(), by the names of struct iocb without their `aio_`. */
export interface IocbLike {
  /** What to do: `IOCB_CMD_PREAD` and its like. */
  readonly opcode: Integer;
  /** The file. */
  readonly fd: Integer;
  /** The buffer; of a vectored request the list of buffers; of a `POLL` the bits to wait for. */
  readonly buf?: BufferLike;
  /** Bytes, or number of buffers; by default the length of the buffer. */
  readonly nbytes?: Integer;
  /** Position in the file. Unit: bytes. */
  readonly offset?: Integer;
  /** The program's own: comes back in the event. */
  readonly data?: Integer;
  /** An eventfd that is told of the end; sets `IOCB_FLAG_RESFD`. */
  readonly resfd?: Integer;
  /** `RWF_` flags. */
  readonly rw_flags?: Integer;
  /** How urgent it is; sets `IOCB_FLAG_IOPRIO`. */
  readonly reqprio?: Integer;
  /** `IOCB_FLAG_` bits, if not those that follow from the others. */
  readonly flags?: Integer;
  /** Must be 0. */
  readonly reserved2?: Integer;
}

const NAMES: readonly (keyof IocbLike)[] = [
  "opcode",
  "fd",
  "buf",
  "nbytes",
  "offset",
  "data",
  "resfd",
  "rw_flags",
  "reqprio",
  "flags",
  "reserved2",
];

/** A struct iocb in a program's memory: it may be submitted again and again. */
export class Iocb extends UserBuffer {
  #fields: IocbLike;

  /** @param address  of 64 bytes that belong to it alone. */
  constructor(space: UserSpace, address: number, fields: IocbLike) {
    super(space, address, IOCB_SIZE);
    this.#fields = fields;
    this.assign(fields);
  }

  /** What it asks for. */
  get fields(): IocbLike {
    return this.#fields;
  }

  /** Makes it ask for something else. */
  assign(fields: IocbLike): this {
    this.#fields = fields;
    return this.set(encodeIocb(fields));
  }
}

/** A struct iocb as bytes. */
function encodeIocb(fields: IocbLike): Uint8Array {
  checkNames("field of an iocb", fields, NAMES);
  const { opcode, fd, buf = 0, offset = 0, data = 0, resfd, rw_flags = 0, reqprio, reserved2 = 0 } = fields;
  const length = buf instanceof UserBuffer ? buf.length : 0;
  const { nbytes = length, flags = (resfd === undefined ? 0 : RESFD) | (reqprio === undefined ? 0 : IOPRIO) } = fields;
  const view = new DataView(new ArrayBuffer(IOCB_SIZE));
  const at = (field: FieldName<"Iocb">): number => fieldOffset("Iocb", field);
  view.setBigInt64(at("aio_data"), BigInt(data), true);
  view.setUint32(at("aio_rw_flags"), Number(rw_flags), true);
  view.setUint16(at("aio_lio_opcode"), Number(opcode), true);
  view.setInt16(at("aio_reqprio"), Number(reqprio ?? 0), true);
  view.setInt32(at("aio_fildes"), Number(fd), true);
  view.setBigInt64(at("aio_buf"), BigInt(addressOf(buf)), true);
  view.setBigInt64(at("aio_nbytes"), BigInt(nbytes), true);
  view.setBigInt64(at("aio_offset"), BigInt(offset), true);
  view.setBigInt64(at("aio_reserved2"), BigInt(reserved2), true);
  view.setUint32(at("aio_flags"), Number(flags), true);
  view.setInt32(at("aio_resfd"), Number(resfd ?? 0), true);
  return new Uint8Array(view.buffer);
}

/** A completion: struct io_event. */
export interface IoEvent {
  /** What the iocb had as `data`. */
  data: bigint;
  /** Address of the iocb. */
  obj: number;
  /** What the request came to: bytes, Poll bits, 0, or -errno. */
  res: number;
  res2: number;
}

/** The events in an array of struct io_event. */
export function decodeIoEvents(view: DataView, count: number): IoEvent[] {
  return Array.from({ length: count }, (_, i) => {
    const base = i * IO_EVENT_SIZE;
    return {
      data: view.getBigUint64(base, true),
      obj: Number(view.getBigUint64(base + 8, true)),
      res: Number(view.getBigInt64(base + 16, true)),
      res2: Number(view.getBigInt64(base + 24, true)),
    };
  });
}
