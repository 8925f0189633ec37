import {
  AF_INET,
  type Kernel,
  O_RDONLY,
  type Peer,
  type PendingCall,
  type Road,
  SOCK_STREAM,
  type Sys,
  digestOf,
} from "../../lib/index.ts";

/** A way from a file to a receiver, once. */
export interface Lap {
  readonly road: Road;
  readonly path: string;
  /** Unit: bytes. */
  readonly size: number;
  /** What one call moves at most. Unit: bytes. */
  readonly chunk: number;
  readonly port: number;
  /** Which part of the file is read before. Unit: bytes. */
  readonly warm: number;
}

/** What has become of it. */
export interface Outcome {
  /** What the sender was told: bytes handed over, -errno, or what it has died of. */
  readonly said: number | string;
  /** How many bytes have arrived, and whether these are the file's. */
  readonly received: number;
  readonly right: boolean;
}

type Steps<T> = Generator<PendingCall, T, number>;

/** Reads the beginning of a file. */
function* warmUp(sys: Sys, path: string, bytes: number): Steps<void> {
  const file = yield* sys.open(path, O_RDONLY);
  if (file < 0) return;
  const buffer = sys.buffer(8192);
  for (let at = 0; at < bytes; at += 8192) yield* sys.pread64(file, buffer, 8192, at);
  yield* sys.close(file);
}

/** The sender: everything may fail, and ends it. */
function* send(sys: Sys, { road, path, size, chunk, port, warm }: Lap): Steps<number> {
  yield* warmUp(sys, path, warm);
  const listener = yield* sys.socket(AF_INET, SOCK_STREAM);
  if (listener < 0) return listener;
  const bound = yield* sys.bind(listener, { port });
  if (bound < 0) return bound;
  const listening = yield* sys.listen(listener);
  if (listening < 0) return listening;
  const socket = yield* sys.accept(listener);
  yield* sys.close(listener);
  if (socket < 0) return socket;
  const file = yield* sys.open(path, O_RDONLY | (road.flags ?? 0));
  if (file < 0) return file;
  const prepared = road.prepare(sys, { file, socket, size, chunk });
  const walk = typeof prepared === "function" ? prepared : yield* prepared;
  return yield* walk();
}

/** Makes a client; without memory for it, once more. */
function connect(kernel: Kernel, port: number): Peer {
  try {
    return kernel.world.connect(port, { keep: false });
  } catch {
    return kernel.world.connect(port, { keep: false });
  }
}

/** What is done to the machine meanwhile. */
interface Hooks {
  /** The sender is there, and has done nothing yet. */
  readonly spawned?: () => void;
  /** The client is there: the bytes are going to flow. */
  readonly started?: () => void;
}

/** Walks a lap to its end, with a client outside. */
export function walkLap(kernel: Kernel, lap: Lap, { spawned, started }: Hooks = {}): Outcome {
  const sender = kernel.spawn("sender", (sys) => send(sys, lap));
  let died = "";
  const drive = (act: () => void) => {
    try {
      act();
    } catch (error) {
      died ||= String(error);
    }
  };
  spawned?.();
  drive(() => kernel.run());
  const peer = connect(kernel, lap.port);
  started?.();
  drive(() => kernel.run());
  peer.close();
  drive(() => kernel.run());
  const { length, digest } = peer.received;
  const content = kernel.world.disk.read(lap.path);
  const right = digest === digestOf(content.subarray(0, length));
  const said = died || (typeof sender.result === "number" ? sender.result : `${sender.state} ${String(sender.result)}`);
  return { said, received: length, right };
}
