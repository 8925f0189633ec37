import { EVENTFD_FLAGS, FCNTL_COMMANDS, OPEN_FLAGS, SEEK_WHENCE } from "./constants.ts";
import type { Actor, Stage } from "./stage.ts";
import type { Outside } from "./outside.ts";
import type { RecordedFile } from "./recorded.ts";
import { encodeAddress } from "../../machine/sockaddr.ts";
import { firstOffset } from "./regular.ts";
import { isStandIn } from "./implied.ts";
import { layout } from "../../layout.gen.ts";
import { outsideReason } from "./assess.ts";

const { INET } = layout.enums.Af.values;
const { STREAM } = layout.enums.SockType.values;
const BACKLOG = 128;
const NONBLOCK = EVENTFD_FLAGS["EFD_NONBLOCK"]!;
const CLOEXEC = EVENTFD_FLAGS["EFD_CLOEXEC"]!;
const { F_GETFD, F_SETFD } = FCNTL_COMMANDS as Record<string, number>;

/** Puts what a recorded task has from the beginning onto the stage: its inherited descriptors; and stand-ins. */
export class Properties {
  readonly #stage: Stage;
  readonly #outside: Outside;

  constructor(stage: Stage, outside: Outside) {
    this.#stage = stage;
    this.#outside = outside;
  }

  /** Lets a descriptor stand for a file that was there before the recording began. */
  place(actor: Actor, fd: number, file: RecordedFile): void {
    if ((this.#stage.call(actor, "fcntl", fd, F_GETFD!) ?? -1) >= 0) return;
    const at = outsideReason(file) === null ? this.#make(actor, file) : -1;
    if (at < 0) actor.task.reserve(fd);
    else if (at !== fd) {
      this.#stage.call(actor, "dup2", at, fd);
      this.#stage.call(actor, "close", at);
    }
  }

  /** An eventfd for something that the machine does not have. @returns its descriptor or -errno. */
  standIn(actor: Actor, cloexec: boolean): number {
    return this.#stage.call(actor, "eventfd2", 0, NONBLOCK | (cloexec ? CLOEXEC : 0)) ?? -1;
  }

  /** What stands in has become ready. */
  ready(actor: Actor, fd: number): void {
    const one = new Uint8Array(8);
    one[0] = 1;
    this.#stage.call(this.#stage.helper(actor), "write", fd, { in: one }, 8);
  }

  /** What stands in was read, and is ready no more. */
  drain(actor: Actor, fd: number): void {
    this.#stage.call(this.#stage.helper(actor), "read", fd, { out: 8 }, 8);
  }

  /** @returns a descriptor for it, -1 if there is no way to have it. */
  #make(actor: Actor, file: RecordedFile): number {
    const stage = this.#stage;
    if (isStandIn(file)) return this.standIn(actor, false);
    switch (file.kind) {
      case "regular":
        return this.#open(actor, file);
      case "eventpoll":
        return stage.call(actor, "epoll_create1", 0) ?? -1;
      case "eventfd":
        return stage.call(actor, "eventfd2", 0, NONBLOCK) ?? -1;
      case "stream":
        return file.listens ? this.#listen(actor, file) : this.#connected(actor, file);
      default:
        return -1;
    }
  }

  #open(actor: Actor, file: RecordedFile): number {
    this.#outside.provide(file);
    const flags = file.status ?? OPEN_FLAGS["O_RDWR"]!;
    const fd = this.#stage.call(actor, "open", { in: `${this.#outside.pathOf(file)}\0` }, flags, 0) ?? -1;
    const offset = firstOffset(file);
    if (fd >= 0 && offset > 0) this.#stage.call(actor, "lseek", fd, offset, SEEK_WHENCE["SEEK_SET"]!);
    return fd;
  }

  #listen(actor: Actor, file: RecordedFile): number {
    const stage = this.#stage;
    const fd = stage.call(actor, "socket", INET, STREAM | NONBLOCK, 0) ?? -1;
    const address = encodeAddress({ port: file.port ?? 0, host: "0.0.0.0" }, "0.0.0.0");
    stage.call(actor, "bind", fd, { in: address }, address.length);
    stage.call(actor, "listen", fd, BACKLOG);
    return fd;
  }

  /** A connection that was there: made now, to a server outside. */
  #connected(actor: Actor, file: RecordedFile): number {
    const stage = this.#stage;
    const fd = stage.call(actor, "socket", INET, STREAM, 0) ?? -1;
    const address = this.#outside.serverFor(file);
    stage.submit(actor, "connect", [fd, { in: address }, address.length], () => {});
    stage.deliver();
    return fd;
  }

  /** Marks a descriptor so that execve() closes it. */
  closeOnExec(actor: Actor, fd: number): void {
    this.#stage.call(actor, "fcntl", fd, F_SETFD!, 1);
  }
}
