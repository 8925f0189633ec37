import type { Arguments } from "./arguments.ts";
import { layout } from "../layout.gen.ts";

/** Chooses a number that a program could give, most of the time. */
type Choose = (make: Arguments) => number;

const { OpenFlags, Msg, CloneFlags, MapFlags } = layout.enums;
const { CREAT, TRUNC, APPEND, DIRECT, RDONLY, WRONLY, RDWR } = OpenFlags.values;
const { SHARED, PRIVATE, ANONYMOUS, POPULATE, LOCKED } = MapFlags.values;

const SMALL = [0, 1, 2, 3, 4, 5, 7, 8, 9, 16, 31, 64, 100, 128, 1000];
const NONBLOCK = 0x800;
const CLOEXEC = 0x8_0000;
const OPEN = [...Object.values<number>(OpenFlags.values), 1, 2, NONBLOCK, NONBLOCK, CLOEXEC];
/** What a new descriptor may be: not blocking, closed by execve(), and so on. */
const NEW = [NONBLOCK, NONBLOCK, CLOEXEC, 1];
const MESSAGE = [...Object.values<number>(Msg.values), 0x40, 0x40, 0x40, 2, 0x100, 0x20, 0x4000];
const CLONE = [...Object.values<number>(CloneFlags.values), 0x100, 0x400];
const IOCTLS = [0x541b, 0x5421, 0x5411, 0x5401, 0x5450, 0x5451, 0x5452, 0x8901, 0x8902, 0x8904];
const COMMANDS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 16, 1024, 1030, 1031, 1032];

/** Flags of most programs that open files. */
const ACCESS = [CREAT, CREAT, TRUNC, APPEND, DIRECT, DIRECT, NONBLOCK, NONBLOCK, CLOEXEC];
/** Flags of most programs that map memory. */
const MAP = [0, 0, POPULATE, LOCKED, ANONYMOUS];
/** Where pages, windows and files begin and end. */
const OFFSETS = [0, 0, 1, 511, 512, 4095, 4096, 4097, 8192, 131_072, 1_000_000, 2 ** 44 - 4096, -1];

const number: Choose = ({ random }) => (random.oneIn(6) ? random.below(100_000) : random.pick(SMALL));
const openFlags: Choose = (make) => make.bits(OPEN);

/** The numbers that are no addresses, by what they are for. What is here twice comes twice as often. */
export const chooseNumber: ReadonlyMap<string, Choose> = new Map(
  Object.entries<Choose>({
    domain: ({ random }) => random.pick([1, 1, 2, 2, 2, 10, 0, 16]),
    type: ({ random }) =>
      random.pick([1, 1, 1, 2, 5, 0, 3]) | (random.oneIn(2) ? NONBLOCK : 0) | (random.oneIn(6) ? CLOEXEC : 0),
    how: ({ random }) => random.below(4),
    operation: ({ random }) => random.pick([1, 1, 1, 2, 3, 0]),
    open: openFlags,
    access: (make) =>
      make.random.oneIn(10) ? openFlags(make) : make.random.pick([RDONLY, WRONLY, RDWR, RDWR]) | make.bits(ACCESS),
    prot: ({ random }) => (random.oneIn(8) ? random.below(16) : random.pick([1, 3, 3, 3, 0])),
    map: (make) =>
      make.random.oneIn(10)
        ? make.bits(Object.values<number>(MapFlags.values))
        : make.random.pick([SHARED, SHARED, PRIVATE, PRIVATE | ANONYMOUS]) | make.bits(MAP),
    hint: (make) => (make.random.oneIn(8) ? make.mapped() : 0),
    mapped: (make) => make.mapped(),
    mapoffset: ({ random }) => (random.oneIn(10) ? random.below(100_000) : 4096 * random.pick([0, 0, 0, 1, 5, 24])),
    advice: ({ random }) => random.pick([0, 1, 2, 3, 4, 8, 9, 10, 14, 21, 22, 23]),
    msync: ({ random }) => random.pick([1, 2, 4, 4, 6, 5, 0]),
    range: ({ random }) => random.below(8),
    fallocate: ({ random }) => random.pick([0, 0, 1, 3, 0x10, 0x40]),
    from: (make) => make.fd(make.random.pick(["file", "file", "pipe", "pipe", "connection"])),
    to: (make) => make.fd(make.random.pick(["sink", "sink", "sink", "file", "connection"])),
    position: (make) => (make.random.oneIn(3) ? make.place("position") : 0),
    moveflags: ({ random }) => (random.oneIn(10) ? random.below(64) : random.pick([0, 0, 1, 2, 3, 4])),
    signalslot: (make) => (make.random.oneIn(3) ? make.fd("signals") : -1),
    few: ({ random }) => random.pick([0, 0, 1, 1, 1, 2, 3, 4, 8]),
    epoll: (make) => make.bits([0, CLOEXEC]),
    eventfd: openFlags,
    message: (make) => make.bits(MESSAGE),
    command: ({ random }) => random.pick(COMMANDS),
    fcntl: (make) =>
      make.random.oneIn(2)
        ? make.bits(OPEN)
        : make.random.pick([0, 1, 3, 10, 40, 4096, 8192, 65536, 1 << 20, ...make.pids]),
    ioctl: ({ random }) => random.pick(IOCTLS),
    option: ({ random }) =>
      random.oneIn(8) ? random.below(80) : random.pick([2, 3, 4, 7, 8, 9, 13, 15, 18, 20, 21, 30, 38, 39, 1, 9]),
    level: ({ random }) => random.pick([1, 1, 1, 6, 0, 41]),
    clone: (make) => make.bits(CLONE),
    whence: ({ random }) => random.below(6),
    milliseconds: ({ random }) => random.pick([0, 0, 0, 1, 10, -1, -1, 1000]),
    clock: ({ random }) => random.pick([0, 1, 1, 1, 4, 7, 11]),
    signal: ({ random }) => (random.oneIn(6) ? random.below(70) : random.pick([1, 2, 10, 12, 13, 14, 17, 18, 29, 34])),
    signalhow: ({ random }) => random.below(4),
    sigsetsize: ({ random }) => (random.oneIn(10) ? random.pick([0, 4, 16, 128]) : 8),
    pid: (make) =>
      make.random.oneIn(6) ? make.random.pick([0, -1, 1, -2, 9999]) : make.random.pick([...make.pids, 1]),
    protocol: ({ random }) => (random.oneIn(10) ? random.below(20) : 0),
    timerflags: ({ random }) => random.pick([0, 0, 0, 1, 2, 3]),
    newflags: (make) => make.bits(make.random.oneIn(20) ? OPEN : NEW),
    dirfd: (make) => (make.random.oneIn(4) ? make.fd(null) : -100),
    resource: ({ random }) => (random.oneIn(3) ? random.below(20) : 7),
    mode: ({ random }) => random.pick([0o600, 0o10600, 0o10666, 0o100600, 0o20600, 0o777]),
    offset: ({ random }) => (random.oneIn(4) ? random.below(100_000) : random.pick(OFFSETS)),
    rwflags: ({ random }) => (random.oneIn(8) ? random.below(0x400) : random.pick([0, 0, 2, 4, 8, 8, 0x10, 0x20])),
    fadvice: ({ random }) => random.below(7),
    long: number,
    hex: number,
    size: number,
    int: number,
    number,
  }),
);
