import type { RingHandle } from "../../../structures/ring-place.ts";

/** How messages come from the other thread: through a shared ring, or by postMessage(). */
export type Way =
  | "ring"
  /** As many messages as there is room for are published at a time. */
  | "ring-many"
  /** Each message in a new buffer, which is transferred. */
  | "transfer"
  /** In buffers that are transferred, and transferred back when they have been read. */
  | "recycle"
  /** Copied by postMessage() itself. */
  | "copy";

/** What the other thread is told before it is to send: it answers with "ready". */
export interface Orders {
  readonly way: Way;
  /** Different messages, one behind the other, which are sent in turn. */
  readonly message: Uint8Array;
  /** Of a message. Unit: bytes. */
  readonly size: number;
  /** What messages go through, if it is a ring. */
  readonly ring: RingHandle | null;
  /** Says how many are to be sent next; closed when no more are wanted. null: postMessage() says so. */
  readonly counts: RingHandle | null;
}

/** So many buffers go to and fro where they are transferred back. */
export const BUFFERS = 16;
