import { type Kernel, MAP_SHARED, PROT_READ, type Program } from "../../../lib/index.ts";

/** What epoll_create() makes, what its number means, and what the descriptor is good for. */
const program: Program = function* (sys) {
  yield* sys.epoll_create(0); // EINVAL: it must be more than 0
  const small = yield* sys.epoll_create(1);
  const large = yield* sys.epoll_create(1_000_000); // takes no more memory than the other
  const modern = yield* sys.epoll_create1(0); // has no such number any more
  yield* sys.mmap(0, 4096, PROT_READ, MAP_SHARED, modern, 0); // ENODEV: it shares no memory with programs
  const copy = yield* sys.dup(modern); // another number for the same eventpoll
  yield* sys.close(modern);
  yield* sys.close(copy); // the last one takes the eventpoll along
  yield* sys.close(large);
  yield* sys.close(small);
};

/** The machine: one task. */
export function start(kernel: Kernel): void {
  kernel.spawn("program", program);
}
