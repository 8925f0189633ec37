import { type BufferLike, type UserSpace, addressOf } from "./user_memory.ts";
import { type Integer, checkNames } from "./call.ts";
import { fieldOffset, structLayout } from "./memory.ts";

/** Size of a struct pollfd. Unit: bytes. */
export const POLLFD_SIZE = structLayout("Pollfd").size;
const FD = fieldOffset("Pollfd", "fd");
const EVENTS = fieldOffset("Pollfd", "events");
const REVENTS = fieldOffset("Pollfd", "revents");

/** What a program asks about one descriptor. An object of the program's own is given `revents` by the call. */
export interface PollfdLike {
  /** A negative one is passed over. */
  fd: number;
  /** POLLIN and so on. */
  events: number;
  /** What is true of them: the answer. */
  revents?: number;
}

/** Writes a struct pollfd. */
export function encodePollfd(view: DataView, index: number, entry: PollfdLike): void {
  checkNames("part of a pollfd", entry, ["fd", "events", "revents"]);
  const at = index * POLLFD_SIZE;
  view.setInt32(at + FD, entry.fd, true);
  view.setUint16(at + EVENTS, entry.events, true);
  view.setUint16(at + REVENTS, entry.revents ?? 0, true);
}

/** The answer in a struct pollfd. */
export function reventsOf(view: DataView, index: number): number {
  return view.getUint16(index * POLLFD_SIZE + REVENTS, true);
}

/** One entry of the array that poll() is given, in user memory: what is set here is stored there. */
export class Pollfd implements PollfdLike {
  readonly #list: Pollfds;
  readonly #index: number;

  constructor(list: Pollfds, index: number) {
    this.#list = list;
    this.#index = index;
  }

  get fd(): number {
    return this.#list.view.getInt32(this.#index * POLLFD_SIZE + FD, true);
  }
  set fd(fd: number) {
    this.#list.change(this.#index, { fd, events: this.events, revents: this.revents });
  }
  get events(): number {
    return this.#list.view.getUint16(this.#index * POLLFD_SIZE + EVENTS, true);
  }
  set events(events: number) {
    this.#list.change(this.#index, { fd: this.fd, events, revents: this.revents });
  }
  /** What is true of the descriptor: POLLIN and so on. */
  get revents(): number {
    return reventsOf(this.#list.view, this.#index);
  }
  set revents(revents: number) {
    this.#list.change(this.#index, { fd: this.fd, events: this.events, revents });
  }
}

/** User memory for an array of struct pollfd, and its entries, by index. */
export class Pollfds extends Array<Pollfd> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  /** Address in the program's address space. */
  readonly address: number;
  readonly #space: UserSpace;
  readonly #view: DataView<ArrayBuffer>;
  /** Whether a call has written there what has not been read yet. */
  #stale = false;

  /** @param address  room for the entries. */
  constructor(space: UserSpace, address: number, entries: readonly PollfdLike[]) {
    super();
    this.address = address;
    this.#space = space;
    this.#view = new DataView(new ArrayBuffer(entries.length * POLLFD_SIZE));
    for (const [i, entry] of entries.entries()) {
      encodePollfd(this.#view, i, entry);
      this.push(new Pollfd(this, i));
    }
    space.store(address, new Uint8Array(this.#view.buffer));
  }

  /** Told that a call may have written there. */
  filled(): void {
    this.#stale = true;
  }

  /** The bytes of the entries. */
  get view(): DataView {
    if (this.#stale) {
      new Uint8Array(this.#view.buffer).set(this.#space.load(this.address, this.#view.byteLength));
      this.#stale = false;
    }
    return this.#view;
  }

  /** Changes an entry, in user memory too. */
  change(index: number, entry: PollfdLike): void {
    encodePollfd(this.#view, index, entry);
    const at = index * POLLFD_SIZE;
    this.#space.store(this.address + at, new Uint8Array(this.#view.buffer, at, POLLFD_SIZE));
  }
}

/** What poll() asks about: an array in user memory, objects of the program's own, or any address. */
export type PollfdsPlace = Pollfds | readonly PollfdLike[] | BufferLike;

/** Whether these are objects of the program's own, which have to be put into user memory. */
export function areOwn(fds: PollfdsPlace): fds is readonly PollfdLike[] {
  return Array.isArray(fds) && !(fds instanceof Pollfds);
}

/** The address of what is in user memory already. */
export function pollfdsAddress(fds: Pollfds | BufferLike): Integer {
  return fds instanceof Pollfds ? fds.address : addressOf(fds);
}
