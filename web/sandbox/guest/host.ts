/**
 * What the host does for the guest: everything that crosses is a number, a text, or a buffer that is copied. The host
 * puts this object there before the library is loaded, and takes it away again: programs never see it.
 */
export interface Host {
  /** Maps memory for a program. @returns its address, or -ENOMEM. */
  allocate(sys: number, length: number): number;
  /** Writes a program's memory. @returns the number of bytes. */
  store(sys: number, address: number, bytes: ArrayBuffer): number;
  /** Reads a program's memory. */
  load(sys: number, address: number, length: number): ArrayBuffer;
  /** The virtual time. Unit: ns since boot. */
  now(sys: number): number;
  /** The address that stands for a signal handler. */
  handler(sys: number, handler: number): number;
  /** The handler at an address; -1: none of this program is there. */
  handlerAt(sys: number, address: number): number;
  /** Whether a handler has called siglongjmp(); sets it. @param jumping  0 or 1; -1: it is only asked for. */
  jumping(sys: number, jumping: number): number;
  /** The bytes of the call that is handed over next. */
  bytes(bytes: ArrayBuffer): void;
  /** Does something with the machine or the world outside. @returns JSON, or bytes. */
  act(name: string, json: string, bytes?: ArrayBuffer): string | ArrayBuffer;
  /** A line of the console. */
  log(text: string): void;
}

/** The host, as it was when this library was loaded. */
export const host: Host = (globalThis as unknown as { $host: Host }).$host;

// What the library needs later is taken now: a program may change everything that it can reach.
const { parse, stringify } = JSON;

/** What an action has come to. */
type Answer = { readonly value: unknown } | { readonly error: { readonly name: string; readonly message: string } };

/** Lets the host do something. @throws what the host says. */
export function act(name: string, details: object = {}, bytes?: ArrayBuffer): unknown {
  const answer = bytes === undefined ? host.act(name, stringify(details)) : host.act(name, stringify(details), bytes);
  if (typeof answer !== "string") return new Uint8Array(answer);
  const told = parse(answer) as Answer;
  if ("value" in told) return told.value;
  const { name: kind, message } = told.error;
  throw kind === "TypeError"
    ? new TypeError(message)
    : kind === "RangeError"
      ? new RangeError(message)
      : new Error(message);
}

/** The bytes of a view, by themselves. */
export function bufferOf(bytes: Uint8Array): ArrayBuffer {
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return copy.buffer;
}
