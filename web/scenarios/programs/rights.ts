import {
  AF_UNIX,
  SCM_RIGHTS,
  SOCK_STREAM,
  SOL_SOCKET,
  type ControlMessage,
  type Kernel,
  type Program,
} from "../../../lib/index.ts";

/** A descriptor is sent to another process: the number means nothing there, what travels is the open file itself. */
const sender: Program = function* (sys) {
  const ends: number[] = [];
  yield* sys.socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  const [near, far] = ends as [number, number];
  yield* sys.fork(function* (child) {
    yield* child.close(near);
    const control: ControlMessage[] = [];
    yield* child.recvmsg(far, { iov: [child.buffer(8)], control });
    const [received] = control[0]!.fds!;
    yield* child.write(received!, "from the other process");
  });
  yield* sys.close(far);
  const pipe: number[] = [];
  yield* sys.pipe2(pipe, 0);
  const [readEnd, writeEnd] = pipe as [number, number];
  yield* sys.sendmsg(near, { iov: ["!"], control: [{ level: SOL_SOCKET, type: SCM_RIGHTS, fds: [writeEnd] }] });
  yield* sys.close(writeEnd); // the message has a reference of its own
  yield* sys.read(readEnd, sys.buffer(64));
};

/** The machine: one task, which makes the other. */
export function start(kernel: Kernel): void {
  kernel.spawn("sender", sender);
}
