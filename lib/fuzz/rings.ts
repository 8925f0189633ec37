import type { Arguments } from "./arguments.ts";
import type { Role } from "./calls.ts";
import { layout } from "../layout.gen.ts";

const Op = layout.enums.IoringOp.values;
const { IoringPoll, IosqeFlags } = layout.enums;
const SQE_SIZE = 64;
const AT_FDCWD = -100;
/** FILES_UPDATE is to find slots itself. */
const FILE_INDEX_ALLOC = 0xffff_ffff;
/** Where the ends of a ring lie in it. */
const [SQ_TAIL, CQ_HEAD, CQ_TAIL, ARRAY] = [4, 8, 12, 64];
const CQE_SIZE = 16;
const OPCODES = Object.values<number>(Op);
const FLAGS = Object.values<number>(IosqeFlags.values);

/** A ring of a process: its descriptor, where its parts are mapped, and how many entries it has. */
export interface Ring {
  readonly fd: number;
  readonly rings: number;
  readonly sqes: number;
  readonly entries: number;
  tail: number;
}

/** What an entry says of its file, address, length, position and flags. */
type Entry = readonly [fd: number, addr: number, len: number, off?: number, flags?: number, other?: number];

/** What an entry asks for, with arguments that programs would give. */
function entry(make: Arguments, opcode: number): Entry {
  const { random } = make;
  const place = (role: Role): readonly [number, number] => [make.place(role), make.suggested];
  const position = random.oneIn(3) ? -1 : make.make("offset");
  switch (opcode) {
    case Op.READV:
    case Op.WRITEV:
      return [make.make(random.oneIn(2) ? "fd:file" : "from"), ...place("iovec"), position];
    case Op.READ:
    case Op.READ_FIXED:
    case Op.RECV:
      return [
        make.make(opcode === Op.RECV ? "fd:connection" : "from"),
        make.make("buffer"),
        random.below(9000),
        position,
      ];
    case Op.WRITE:
    case Op.WRITE_FIXED:
    case Op.SEND:
      return [
        make.make(opcode === Op.SEND ? "fd:connection" : "to"),
        make.make("buffer"),
        random.below(9000),
        position,
      ];
    case Op.FSYNC:
      return [make.fd("file"), 0, 0, 0, random.below(2)];
    case Op.POLL_ADD:
      return [make.fd(null), 0, random.oneIn(3) ? IoringPoll.values.ADD_MULTI : 0, 0, make.events() & 0xffff];
    case Op.POLL_REMOVE:
    case Op.TIMEOUT_REMOVE:
    case Op.ASYNC_CANCEL:
      return [-1, random.below(16), 0, 0, random.oneIn(3) ? random.below(8) : 0];
    case Op.SENDMSG:
    case Op.RECVMSG:
      return [make.fd("connection"), make.place("msghdr"), 1];
    case Op.TIMEOUT:
    case Op.LINK_TIMEOUT:
      return [-1, make.place("timespec"), 1, opcode === Op.TIMEOUT ? random.below(3) : 0];
    case Op.ACCEPT:
      return [make.fd("listener"), 0, 0];
    case Op.CONNECT: {
      const [address, length] = place("sockaddr");
      return [make.fd("socket"), address, 0, length];
    }
    case Op.OPENAT:
      return [AT_FDCWD, make.place("path"), 0o600, 0, make.make("access")];
    case Op.FILES_UPDATE:
      return [-1, make.make("buffer"), 1 + random.below(4), random.oneIn(3) ? FILE_INDEX_ALLOC : random.below(4)];
    case Op.EPOLL_CTL:
      return [make.fd("epoll"), make.place("event"), make.make("operation"), make.fd(null)];
    case Op.EPOLL_WAIT:
      return [make.fd("epoll"), make.make("buffer"), 1 + random.below(4)];
    case Op.SPLICE:
    case Op.TEE:
      return [make.make("to"), -1, random.below(9000), -1, make.make("moveflags"), make.make("from")];
    case Op.SHUTDOWN:
      return [make.fd("connection"), 0, make.make("how")];
    case Op.SOCKET:
      return [make.make("domain"), 0, 0, make.make("type")];
    default:
      return [make.fd(null), 0, 0];
  }
}

/** An entry of the submission queue. */
function writeEntry(make: Arguments): Uint8Array {
  const { random } = make;
  const bytes = new Uint8Array(SQE_SIZE);
  const view = new DataView(bytes.buffer);
  const hostile = (value: number) => (random.chance(make.hostility / 10) ? make.hostile() : value);
  const wide = (at: number, value: number) => view.setBigInt64(at, BigInt.asIntN(64, BigInt(Math.trunc(value))), true);
  const opcode = random.oneIn(40) ? random.below(64) : random.pick(OPCODES);
  const [fd, addr, len, off = 0, flags = 0, other = 0] = entry(make, opcode);
  view.setUint8(0, opcode);
  view.setUint8(1, random.oneIn(4) ? make.bits(FLAGS) : 0);
  view.setUint16(2, random.oneIn(20) ? random.below(8) : 0, true);
  view.setInt32(4, fd | 0, true);
  wide(8, hostile(off));
  wide(16, hostile(addr));
  view.setInt32(24, hostile(len) | 0, true);
  view.setInt32(28, hostile(flags) | 0, true);
  wide(32, random.below(16));
  view.setInt32(44, other | 0, true);
  return bytes;
}

/** Puts entries into a ring, and takes all completions out. @param cqTail  how far the kernel has got. @returns how many. */
export function fillRing(make: Arguments, ring: Ring, cqTail: number): number {
  const { random } = make;
  const count = 1 + random.below(Math.min(ring.entries, 6));
  const word = new Uint8Array(4);
  const put = (at: number, value: number) => {
    new DataView(word.buffer).setUint32(0, value, true);
    make.put(ring.rings + at, word);
  };
  if (!random.oneIn(4)) put(CQ_HEAD, cqTail);
  for (let i = 0; i < count; i++) {
    const slot = (ring.tail + i) % ring.entries;
    const bytes = writeEntry(make);
    make.put(ring.sqes + SQE_SIZE * slot, bytes);
    const index = random.chance(make.hostility / 10) ? make.hostile() : slot;
    put(ARRAY + 2 * CQE_SIZE * ring.entries + 4 * slot, index >>> 0);
  }
  ring.tail = (ring.tail + count) >>> 0;
  put(SQ_TAIL, ring.tail);
  return count;
}

/** Where in a ring it says how far the kernel has got with completions. */
export const ringCqTail = (ring: Ring): number => ring.rings + CQ_TAIL;
