import type { AllocationFault } from "../../lib/machine/faults.ts";
import type { DiskFailure } from "../../lib/machine/world_disk.ts";
import type { FileContent, Loss, Peer, PeerOptions } from "../../lib/machine/world.ts";
import type { Kernel, TaskOptions, TraceFilter } from "../../lib/index.ts";

/** The details of an action: parsed JSON of the guest. What is no part of an action is not looked at. */
export type Details = Readonly<Record<string, unknown>>;

/** What an action comes to: bytes, or what JSON can hold. */
export type Outcome = Uint8Array | string | number | object | null;

/** Does something to the machine or the world outside, as a program in the sandbox asks for it. */
export type Action = (kernel: Kernel, details: Details, bytes: Uint8Array) => Outcome | void;

const peerOf = (kernel: Kernel, { peer }: Details): Peer => kernel.world.peer(Number(peer));

/** Records of the trace that cross at once. */
const MOST_RECORDS = 1000;
/** Most bytes that a program looks at at once. */
const MOST = 2 ** 20;

/** A stretch of bytes that are there. @throws RangeError for more than a program may look at. */
function stretch({ start = 0, end }: Details, length: number): [start: number, end: number] {
  const last = end === undefined ? Infinity : Number(end);
  if (!(Math.min(last, length) - Number(start) <= MOST))
    throw new RangeError(`a program here can look at ${MOST} bytes at once`);
  return [Number(start), last];
}

/**
 * Everything that a program can ask for besides system calls. The library checks what it is given, and says in words
 * what is wrong with it.
 */
export const ACTIONS: Readonly<Record<string, Action>> = {
  now: ({ now }) => now,
  trace: ({ trace }, { wanted }) => {
    const records = [];
    for (const { tick, event, pid, args } of trace.filter(wanted as TraceFilter)) {
      if (records.length === MOST_RECORDS) return { records, next: tick };
      records.push({ tick, event, pid, args });
    }
    return { records, next: null };
  },
  counters: ({ counters }) => ({ ...counters }),
  connect: ({ world }, { port, options }) => world.connect(port as number, options as PeerOptions).handle,
  listen: ({ world }, { port, options }) => world.listen(port as number, options as { keep?: boolean }).port,
  file: ({ world }, { path, content }) => world.file(path as string, content as FileContent),
  fill: ({ world }, { path }, bytes) => world.file(path as string, bytes),
  "nic.drop": ({ world }, { loss }) => world.nic.drop(loss as Loss),
  "disk.failNext": ({ world }, { failure }) => world.disk.failNext(failure as DiskFailure),
  "disk.read": ({ world }, details) => {
    const [start, end] = stretch({ end: Number(details["start"] ?? 0) + MOST, ...details }, Infinity);
    return world.disk.read(details["path"] as string, start, end);
  },
  "faults.failAllocation": ({ faults }, { fault }) => faults.failAllocation(fault as AllocationFault),
  "faults.clear": ({ faults }) => faults.clear(),
  "peer.port": (kernel, details) => peerOf(kernel, details).port,
  "peer.state": (kernel, details) => peerOf(kernel, details).state,
  "peer.error": (kernel, details) => peerOf(kernel, details).error,
  "peer.window": (kernel, details) => peerOf(kernel, details).window,
  "peer.setWindow": (kernel, details) => {
    peerOf(kernel, details).window = details["bytes"] as number;
  },
  "peer.send": (kernel, details, bytes) => peerOf(kernel, details).send(bytes),
  "peer.shutdown": (kernel, details) => peerOf(kernel, details).shutdown(),
  "peer.close": (kernel, details) => peerOf(kernel, details).close(),
  "peer.reset": (kernel, details) => peerOf(kernel, details).reset(),
  "received.length": (kernel, details) => peerOf(kernel, details).received.length,
  "received.digest": (kernel, details) => peerOf(kernel, details).received.digest,
  "received.bytes": (kernel, details) => {
    const { received } = peerOf(kernel, details);
    const [start, end] = stretch(details, received.length);
    return received.bytes(start, Math.min(end, received.length));
  },
  "task.state": (kernel, { pid }) => kernel.task(Number(pid)).state,
  "task.signal": (kernel, { pid, signo }) => kernel.task(Number(pid)).signal(signo as number),
};

/** What a task that a program makes from outside has from its parent. */
export function taskOptions(kernel: Kernel, { parent, options }: Details): TaskOptions {
  const given = (options ?? {}) as TaskOptions;
  return parent === undefined ? given : { ...given, parent: kernel.task(Number(parent)) };
}
