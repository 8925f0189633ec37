import type { Arguments } from "./arguments.ts";
import type { Role } from "./calls.ts";
import { REGION } from "./region.ts";
import { layout } from "../layout.gen.ts";

/** Writes a struct. @returns its size in bytes; Arguments.suggested is set where the length of it is something else. */
type Write = (make: Arguments, view: DataView) => number;

/** Ports that programs and the world outside meet at. */
export const PORTS = [7000, 7001, 7002, 7003] as const;
const ADDRESSES = [0x7f00_0001, 0x7f00_0001, 0, 0x0a00_0001, 0x0a01_0001, 0xffff_ffff];
const PATHS = ["/f", "/f", "/f", "/file", "/file", "/fifo", "/fifo2", "f", "/a/b", "", "/dev/null", "/tmp"];
const { UNIX: AF_UNIX, INET: AF_INET, INET6: AF_INET6 } = layout.enums.Af.values;
const SECONDS = [0, 0, 1, 1, 2, 60, -1, 2 ** 40];
const NANOSECONDS = [0, 0, 1, 1000, 50_000, 1_000_000, 100_000_000, 999_999_999];
const MICROSECONDS = [0, 0, 1, 1000, 100_000, 999_999];
const OUTSIDE = [1_000_000_000, 1_000_000, -1];

const word = (view: DataView, at: number, value: number) => view.setUint32(at, value, true);

/** A number of 64 bits. */
function wide(view: DataView, at: number, value: number): void {
  word(view, at, value | 0);
  view.setInt32(at + 4, (value | 0) === value ? (value | 0) >> 31 : Math.floor(value / 2 ** 32), true);
}

function text(view: DataView, at: number, name: string): number {
  for (let i = 0; i < name.length; i++) view.setUint8(at + i, name.charCodeAt(i));
  return name.length;
}

const anything: Write = ({ random, hostility }, view) => {
  const length = random.pick([4, 8, 8, 16, 64]);
  const wild = random.chance(hostility);
  for (let i = 0; i < length; i += 4) word(view, i, wild ? random.bits() : random.pick([0, 0, 1, 2, 100, 0xffff_ffff]));
  return length;
};

/** The name of a UNIX socket. */
const unixAddress: Write = (make, view) => {
  const { random } = make;
  view.setUint16(0, AF_UNIX, true);
  const path = random.oneIn(8) ? random.pick(PATHS) : `\0${random.pick(["a", "b", "c"])}`;
  const length = 2 + text(view, 2, path);
  make.suggested = random.oneIn(10) ? 2 : length;
  return length;
};

/** An address of the Internet, in the old form or in the new. */
const internetAddress: Write = (make, view) => {
  const { random } = make;
  const isNew = random.oneIn(6);
  view.setUint16(0, isNew ? AF_INET6 : AF_INET, true);
  view.setUint16(2, random.oneIn(10) ? random.below(65_536) : random.pick(PORTS), false);
  if (isNew && random.oneIn(2)) view.setUint8(23, 1);
  if (!isNew) view.setUint32(4, random.oneIn(20) ? random.bits() : random.pick(ADDRESSES), false);
  make.suggested = isNew ? 28 : 16;
  return make.suggested;
};

const sockaddr: Write = (make, view) => {
  const { random } = make;
  const length = (random.oneIn(2) ? unixAddress : internetAddress)(make, view);
  if (random.chance(make.hostility / 4)) view.setUint16(0, random.below(50), true);
  return length;
};

const event: Write = (make, view) => {
  word(view, 0, make.events());
  word(view, 4, make.random.bits());
  word(view, 8, make.random.bits());
  return 12;
};

/** A time of two numbers: seconds, and parts of one. */
function time({ random, hostility }: Arguments, view: DataView, parts: readonly number[]): number {
  wide(view, 0, random.oneIn(3) ? random.pick(SECONDS) : 0);
  wide(view, 8, random.chance(hostility) ? random.pick(OUTSIDE) : random.pick(parts));
  return 16;
}

const timespec: Write = (make, view) => time(make, view, NANOSECONDS);
const timeval: Write = (make, view) => time(make, view, MICROSECONDS);

const itimerspec: Write = (make, view) => {
  timespec(make, view);
  return 16 + timespec(make, new DataView(view.buffer, view.byteOffset + 16));
};

/** So many struct iovec from a place on. */
function vectors(make: Arguments, view: DataView, at: number, count: number): void {
  const { random } = make;
  for (let i = 0; i < count; i++) {
    const bad = random.chance(make.hostility / 2);
    wide(view, at + 16 * i, bad ? make.badPointer() : make.base + random.below(REGION - 64));
    wide(
      view,
      at + 16 * i + 8,
      bad && random.oneIn(2) ? make.hostile() : random.pick([0, 1, 8, 8, 64, 1000, 4096, 20_000]),
    );
  }
}

const iovec: Write = (make, view) => {
  const count = make.random.below(6);
  vectors(make, view, 0, count);
  make.suggested = count;
  return Math.max(16 * count, 8);
};

/** Ancillary data: descriptors that are handed over, mostly. @returns how long it is. */
function control(make: Arguments, view: DataView, at: number): number {
  const { random } = make;
  const count = random.below(4);
  const length = 16 + 4 * count;
  wide(view, at, random.chance(make.hostility) ? make.hostile() : length);
  word(view, at + 8, random.oneIn(8) ? random.below(8) : 1);
  word(view, at + 12, random.oneIn(6) ? random.below(4) : 1);
  for (let i = 0; i < count; i++) view.setInt32(at + 16 + 4 * i, make.fd(null) | 0, true);
  return (length + 7) & ~7;
}

const msghdr: Write = (make, view) => {
  const { random } = make;
  // The pieces are written first, each where it finds room; the header leads to them.
  const name = random.oneIn(3) ? make.place("sockaddr") : 0;
  const nameLength = name === 0 ? 0 : make.suggested;
  const pieces = random.oneIn(10) ? 0 : make.place("iovec");
  const count = pieces === 0 ? 0 : make.suggested;
  const ancillary = random.oneIn(2) ? make.place("control" as Role) : 0;
  const ancillaryLength = ancillary === 0 ? 0 : make.suggested;
  const off = (value: number) => (random.chance(make.hostility / 4) ? make.hostile() : value);
  wide(view, 0, name);
  word(view, 8, off(nameLength) | 0);
  wide(view, 16, pieces);
  wide(view, 24, off(count));
  wide(view, 32, ancillary);
  wide(view, 40, off(ancillaryLength));
  return 56;
};

/** A position that a call is told, and moves. */
const position: Write = ({ random }, view) => {
  wide(view, 0, random.pick([0, 0, 1, 512, 4096, 5000, 100_000, -1]));
  return 8;
};

/** What io_uring_setup() is asked for: mostly nothing special. */
const ringparams: Write = ({ random }, view) => {
  if (random.oneIn(3)) word(view, 4, random.pick([1, 2, 8, 64]));
  word(view, 8, random.oneIn(3) ? random.pick([0x2, 0x8, 0x10, 0x40, 0x80, 0x300, 0x1000]) : 0);
  word(view, 16, random.below(10));
  return 120;
};

/** Where io_setup() puts the context: 0, or it is refused. */
const aiocontext: Write = (make, view) => {
  wide(view, 0, make.random.oneIn(10) ? make.hostile() : 0);
  return 8;
};

/** What is asked for with io_submit(): a plausible request, with something wrong about it now and then. */
const iocb: Write = (make, view) => {
  const { random } = make;
  const bad = (value: number) => (random.chance(make.hostility / 6) ? make.hostile() : value);
  const opcode = random.pick([0, 0, 1, 1, 2, 3, 5, 5, 5, 7, 8, random.below(12)]);
  const vectored = opcode === 7 || opcode === 8;
  const place = vectored ? make.place("iovec") : make.base + random.below(REGION - 8192);
  const pieces = make.suggested;
  for (let i = 0; i < 64; i += 8) wide(view, i, 0);
  wide(view, 0, random.below(100));
  word(view, 12, random.oneIn(10) ? 1 << random.below(12) : 0);
  view.setUint16(16, opcode, true);
  view.setInt16(18, random.oneIn(10) ? random.below(65_536) - 32_768 : 0, true);
  view.setInt32(20, make.fd(null) | 0, true);
  const empty = opcode === 2 || opcode === 3;
  wide(view, 24, bad(empty ? 0 : opcode === 5 ? make.events() & 0xffff : place));
  wide(view, 32, bad(empty || opcode === 5 ? 0 : vectored ? pieces : random.pick([0, 1, 8, 512, 4096, 8000])));
  wide(view, 40, bad(empty || opcode === 5 ? 0 : random.pick([0, 0, 1, 512, 4096, 100_000])));
  word(view, 56, random.oneIn(4) ? 1 : random.below(4));
  view.setInt32(60, make.fd("eventfd") | 0, true);
  return 64;
};

const iocbs: Write = (make, view) => {
  const { random } = make;
  const count = random.below(5);
  for (let i = 0; i < count; i++) {
    wide(view, 8 * i, random.chance(make.hostility / 8) ? make.badPointer() : make.place("iocb"));
  }
  make.suggested = count;
  return Math.max(8 * count, 8);
};

const pollfds: Write = (make, view) => {
  const { random } = make;
  const count = random.below(8);
  for (let i = 0; i < count; i++) {
    view.setInt32(8 * i, make.fd(null) | 0, true);
    view.setUint16(8 * i + 4, make.events() & 0xffff, true);
  }
  make.suggested = count;
  return Math.max(8 * count, 8);
};

const fdset: Write = ({ random }, view) => {
  for (let i = 0; i < 128; i += 4) word(view, i, 0);
  for (let count = random.below(6); count > 0; count--) {
    const fd = random.oneIn(20) ? random.below(1024) : random.below(24);
    view.setUint8(fd >> 3, view.getUint8(fd >> 3) | (1 << (fd & 7)));
  }
  return 128;
};

const sigset: Write = ({ random }, view) => {
  word(view, 0, random.oneIn(3) ? random.bits() : (1 << random.below(32)) | (1 << random.below(17)));
  word(view, 4, random.oneIn(3) ? random.bits() : 0);
  return 8;
};

const sigsetpair: Write = (make, view) => {
  const at = make.random.oneIn(3) ? 0 : make.place("sigset");
  wide(view, 0, at);
  wide(view, 8, make.random.oneIn(10) ? 4 : 8);
  return 16;
};

const sigaction: Write = (make, view) => {
  const { random } = make;
  wide(view, 0, random.pick([0, 1, 0x40_0000, 0x40_1000]));
  word(view, 8, random.pick([0, 4, 0x1000_0000, 0x4000_0000, 0x8000_0000, 0x0800_0000, 0x0400_0000]));
  wide(view, 16, 0x40_2000);
  sigset(make, new DataView(view.buffer, view.byteOffset + 24));
  return 32;
};

const path: Write = (make, view) => {
  const { random } = make;
  if (random.oneIn(30)) {
    for (let i = 0; i < 512; i++) view.setUint8(i, 0x61);
    return 512;
  }
  const length = text(view, 0, random.pick(PATHS));
  view.setUint8(length, 0);
  return length + 1;
};

const addresslength: Write = (make, view) => {
  const { random } = make;
  word(view, 0, random.chance(make.hostility) ? make.hostile() | 0 : random.pick([0, 2, 4, 8, 16, 16, 110, 128]));
  return 4;
};

const optval: Write = (make, view) => {
  const { random } = make;
  word(
    view,
    0,
    random.chance(make.hostility) ? make.hostile() | 0 : random.pick([0, 1, 1, 2, 100, 4096, 65_536, 1 << 20]),
  );
  word(view, 4, random.pick([0, 0, 1, 5]));
  word(view, 8, 0);
  word(view, 12, random.pick([0, 1000]));
  make.suggested = random.pick([4, 4, 4, 8, 16]);
  return 16;
};

/** How to write what a pointer leads to, by role. */
export const writeStruct: ReadonlyMap<string, Write> = new Map(
  Object.entries({
    anything,
    pointer: anything,
    sockaddr,
    "address:unix": unixAddress,
    "address:internet": internetAddress,
    event,
    timespec,
    timeval,
    itimerspec,
    iovec,
    iocb,
    iocbs,
    aiocontext,
    position,
    ringparams,
    msghdr,
    control: (make: Arguments, view: DataView) => control(make, view, 0),
    pollfds,
    fdset,
    sigset,
    sigsetpair,
    sigaction,
    path,
    addresslength,
    optval,
  }),
);
