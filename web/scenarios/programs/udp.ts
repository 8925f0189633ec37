import { AF_INET, SOCK_DGRAM, type Kernel, type Program } from "../../../lib/index.ts";

/** Datagrams keep their borders: each read takes one, and what does not fit into its buffer is lost. */
const receiver: Program = function* (sys) {
  const fd = yield* sys.socket(AF_INET, SOCK_DGRAM, 0);
  yield* sys.bind(fd, { port: 5353 });
  yield* sys.fork(function* (child) {
    const out = yield* child.socket(AF_INET, SOCK_DGRAM, 0);
    yield* child.connect(out, { port: 5353 }); // no handshake: it only notes the address
    for (const text of ["one", "two", "a long one"]) yield* child.write(out, text);
  });
  yield* sys.nanosleep({ sec: 0, nsec: 200_000 });
  for (let i = 0; i < 3; i++) yield* sys.recv(fd, sys.buffer(4)); // of the third only four bytes
};

/** The machine: one task, which makes the one that sends. */
export function start(kernel: Kernel): void {
  kernel.spawn("receiver", receiver);
}
