import {
  EPOLLIN,
  EPOLL_CTL_ADD,
  Kernel,
  POLLIN,
  type PendingCall,
  type Sys,
  type SystemCall,
} from "../../../lib/index.ts";
import { type Figure, median } from "../measure.ts";

const CROWDS = [10, 100, 1_000, 10_000];
/** Descriptors that are asked about in one measurement, so that each takes a similar time. */
const ASKED = 300_000;
/** Bytes of the largest set. */
const SET = 2_048;

/** What one call takes, with so many idle descriptors beside one that is ready. Unit: ns. */
interface Costs {
  readonly poll: number;
  readonly select: number;
  readonly epoll_wait: number;
}

/** Makes a call again and again. @returns ns for each. */
function* measured(count: number, call: () => SystemCall): Generator<PendingCall, number, number> {
  const start = process.hrtime.bigint();
  for (let i = 0; i < count; i++) yield* call();
  return Number(process.hrtime.bigint() - start) / count;
}

/** One machine on which the same descriptors are asked about in three ways. */
async function crowd(idle: number): Promise<Costs> {
  const kernel = await Kernel.boot({ trace: false });
  let costs: Costs = { poll: Number.NaN, select: Number.NaN, epoll_wait: Number.NaN };
  kernel.spawn("server", function* (sys: Sys) {
    const epfd = yield* sys.epoll_create1(0);
    const fds: number[] = [];
    for (let i = 0; i <= idle; i++) {
      const fd = yield* sys.eventfd(i < idle ? 0 : 1, 0);
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, fd, { events: EPOLLIN, data: { fd } });
      fds.push(fd);
    }
    const pollfds = sys.pollfds(fds.map((fd) => ({ fd, events: POLLIN })));
    const events = sys.epoll_events(64);
    const set = sys.buffer(SET);
    const bits = new Uint8Array(SET);
    for (const fd of fds) bits[fd >> 3]! |= 1 << (fd & 7);
    const nfds = fds.at(-1)! + 1;
    const count = Math.ceil(ASKED / idle);
    costs = {
      poll: yield* measured(count, () => sys.poll(pollfds, -1)),
      // As in C, the sets have to be filled anew for each call.
      select: yield* measured(count, () => sys.select(nfds, { read: set.set(bits) }, null)),
      epoll_wait: yield* measured(ASKED / CROWDS[0]!, () => sys.epoll_wait(epfd, events, 64, -1)),
    };
  });
  kernel.run({ maxInputs: Infinity });
  kernel[Symbol.dispose]();
  return costs;
}

/** The middle one of several machines. */
async function usual(idle: number): Promise<Costs> {
  const runs = [await crowd(idle), await crowd(idle), await crowd(idle)];
  const middle = (call: keyof Costs) => median(runs.map((costs) => costs[call]));
  return { poll: middle("poll"), select: middle("select"), epoll_wait: middle("epoll_wait") };
}

/** poll, select and epoll_wait beside each other, with more and more idle descriptors. */
export async function polling(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const idle of CROWDS) {
    const costs = await usual(idle);
    figures.push({
      name: `poll with ${idle} idle descriptors`,
      value: costs.poll,
      unit: "ns",
      detail: `select ${costs.select.toFixed(0)} ns, epoll_wait ${costs.epoll_wait.toFixed(0)} ns; each tells of one that is ready`,
    });
  }
  return figures;
}
