import {
  AF_INET,
  type Kernel,
  MSG_ERRQUEUE,
  MSG_ZEROCOPY,
  type Program,
  type ReceivedMessage,
  SOCK_STREAM,
  SOL_SOCKET,
  SO_ZEROCOPY,
} from "../../../lib/index.ts";

const SIZE = 8192;

/** Sends from its own pages, which packets refer to; it must leave them alone until the error queue says that they have left. */
const server: Program = function* (sys) {
  const lfd = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
  yield* sys.bind(lfd, { port: 8080 });
  yield* sys.listen(lfd, 8);
  const socket = yield* sys.accept4(lfd, 0);
  yield* sys.setsockopt(socket, SOL_SOCKET, SO_ZEROCOPY, 1);
  const buffer = sys.buffer(SIZE);
  yield* sys.store(buffer.address, new Uint8Array(SIZE).fill(0x61));
  yield* sys.send(socket, buffer, SIZE, MSG_ZEROCOPY); // the pages are pinned, and nothing is copied
  const told: ReceivedMessage = { iov: [], control: [] };
  yield* sys.recvmsg(socket, told, MSG_ERRQUEUE); // EAGAIN: the card has not fetched them yet
  yield* sys.poll([{ fd: socket, events: 0, revents: 0 }], -1); // POLLERR: there is something in the error queue
  yield* sys.recvmsg(socket, told, MSG_ERRQUEUE); // the send is done: the buffer is the program's again
  yield* sys.store(buffer.address, new Uint8Array(SIZE).fill(0x62));
  yield* sys.close(socket);
  yield* sys.close(lfd);
};

/** The machine: a card that can gather, and a client outside. */
export function start(kernel: Kernel): void {
  kernel.spawn("server", server);
  kernel.world.connect(8080);
}
