import type { Road } from "../../../lib/index.ts";
import { type ZeroCopySettings, bootOf, slugOf } from "./settings.ts";

/** What a road's program does with the open file and the connected socket. */
interface RoadText {
  /** Constants that it takes from the library. */
  readonly uses: readonly string[];
  /** What it does once, before its first byte. */
  readonly before?: string;
  readonly text: string;
  /** Flags with which it opens the file. */
  readonly flags?: string;
}

const BUFFER = `const buffer = usedBuffer(sys, SIZE);`;

const READ_WRITE: RoadText = {
  uses: [],
  before: BUFFER,
  text: `for (let sent = 0; sent < SIZE; ) {
  const got = yield* sys.read(file, buffer, SIZE); // one copy: from the page cache into the program
  for (let done = 0; done < got; ) {
    done += yield* sys.write(socket, buffer.at(done), got - done); // and another: into packets
  }
  sent += got;
}`,
};

const SENDFILE: RoadText = {
  uses: [],
  text: `for (let sent = 0; sent < SIZE; ) sent += yield* sys.sendfile(socket, file, null, SIZE - sent);`,
};

/** The programs of the roads, by their names in addresses: what lib/roads does, to be read and changed. */
const TEXTS: Readonly<Record<string, RoadText>> = {
  "pio-read-write": READ_WRITE,
  "read-write": READ_WRITE,
  "mmap-write": {
    uses: ["MAP_SHARED", "PROT_READ"],
    text: `const address = yield* sys.mmap(0, SIZE, PROT_READ, MAP_SHARED, file, 0);
for (let sent = 0; sent < SIZE; ) sent += yield* sys.write(socket, address + sent, SIZE - sent);`,
  },
  "msg-zerocopy": {
    uses: ["MSG_ERRQUEUE", "MSG_ZEROCOPY", "SOL_SOCKET", "SO_ZEROCOPY"],
    before: `${BUFFER}
yield* sys.setsockopt(socket, SOL_SOCKET, SO_ZEROCOPY, 1);
const told = { iov: [], control: [] };`,
    text: `for (let sent = 0; sent < SIZE; ) {
  const got = yield* sys.read(file, buffer, SIZE); // one copy: from the page cache into the program
  for (let done = 0; done < got; ) {
    done += yield* sys.send(socket, buffer.at(done), got - done, MSG_ZEROCOPY); // packets refer to the buffer's pages
    yield* sys.poll([{ fd: socket, events: 0, revents: 0 }], -1); // until the card has fetched them,
    yield* sys.recvmsg(socket, told, MSG_ERRQUEUE); // which the error queue tells
  }
  sent += got;
}`,
  },
  sendfile: SENDFILE,
  splice: {
    uses: ["SPLICE_F_MOVE"],
    before: `const ends = [];
yield* sys.pipe2(ends, 0);`,
    text: `for (let sent = 0; sent < SIZE; ) {
  const got = yield* sys.splice(file, null, ends[1], null, 65536, SPLICE_F_MOVE); // slots of the pipe refer to cached pages
  for (let done = 0; done < got; ) {
    done += yield* sys.splice(ends[0], null, socket, null, got - done, SPLICE_F_MOVE); // and now packets do
  }
  sent += got;
}`,
  },
  "sendfile-sg": SENDFILE,
  "o-direct-aio": {
    uses: ["IOCB_CMD_PREAD", "O_DIRECT"],
    flags: "O_RDONLY | O_DIRECT",
    before: `const buffer = usedBuffer(sys, Math.ceil(SIZE / 512) * 512);
const context = { value: 0 };
yield* sys.io_setup(1, context);
const request = sys.iocb({ opcode: IOCB_CMD_PREAD, fd: file, buf: buffer });
const events = [];`,
    text: `for (let sent = 0; sent < SIZE; ) {
  if (sent > 0) request.assign({ opcode: IOCB_CMD_PREAD, fd: file, buf: buffer, offset: sent });
  yield* sys.io_submit(context.value, [request]);
  yield* sys.io_getevents(context.value, 1, 1, events); // the disk has filled the program's own pages
  const got = Number(events[0].res);
  for (let done = 0; done < got; ) done += yield* sys.write(socket, buffer.at(done), got - done); // a copy
  sent += got;
}`,
  },
  "io-uring": {
    uses: ["IOSQE_IO_LINK", "MSG_WAITALL"],
    before: `${BUFFER}
const ring = sys.io_uring();
yield* ring.queue_init(2);`,
    text: `for (let sent = 0; sent < SIZE; ) {
  ring.prep_read(file, buffer, SIZE - sent, sent, { flags: IOSQE_IO_LINK });
  ring.prep_send(socket, buffer, SIZE - sent, MSG_WAITALL);
  yield* ring.submit_and_wait(2); // one call hands both in, and waits for both
  sent += ring.take_cqes().at(-1).res;
}`,
  },
};

const USED_BUFFER = `/** A buffer as programs have them that run for a while: its pages are there. */
function usedBuffer(sys, length) {
  const buffer = sys.buffer(length);
  for (let at = 0; at < length; at += 4096) buffer.set([0], at);
  return buffer;
}

`;

const WARM = `// Warm: the file is read once, so that its pages are in the page cache.
const first = yield* sys.open("/file", O_RDONLY);
const pages = sys.buffer(65536);
for (let done = 0; done < SIZE; ) done += yield* sys.read(first, pages, 65536);
yield* sys.close(first);`;

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "  ");
}

/** The program that is watched, as a text that can be run and changed on the page of a run. */
export function programText(road: Road, settings: Pick<ZeroCopySettings, "size" | "cache" | "disk" | "card">): string {
  const { uses, before = "", text, flags = "O_RDONLY" } = TEXTS[slugOf(road)]!;
  const { size, cache } = settings;
  const machine = bootOf(settings);
  const boot = { ...machine, device: { ...machine.device, ...road.device } };
  const names = ["AF_INET", "O_RDONLY", "SOCK_STREAM", ...uses].toSorted().join(", ");
  const body = [
    `const listener = yield* sys.socket(AF_INET, SOCK_STREAM);
yield* sys.bind(listener, { port: 80 });
yield* sys.listen(listener);
const socket = yield* sys.accept(listener);`,
    ...(cache === "warm" ? [WARM] : []),
    `const file = yield* sys.open("/file", ${flags});`,
    ...(before === "" ? [] : [before]),
    `// From here on it is counted.\n${text}`,
  ].join("\n");
  return `import { ${names} } from "iopath";

const SIZE = ${size};

${before.includes("usedBuffer") ? USED_BUFFER : ""}function* sender(sys) {
${indented(body)}
}

/** The machine: a file on the disk, and a client outside. */
export function start(kernel) {
  kernel.world.file("/file", { size: SIZE, seed: 1 });
  kernel.spawn("sender", sender);
  kernel.world.connect(80, { keep: false });
}

export const boot = ${JSON.stringify(boot)};
`;
}
