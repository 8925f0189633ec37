/** What a random program believes a descriptor to be. It may be wrong after dup2: then the errnos are compared. */
export type Kind = "reader" | "writer" | "unix" | "eventfd" | "epoll" | "tcp" | "listener" | "connected";

/** An open file, as a random program sees it; descriptors made by dup share it. */
export interface OpenFile {
  kind: Kind;
  /** It is, or was once, in an epoll. */
  watched: boolean;
  /** Its side of a TCP connection was ended while it was open. */
  finished: boolean;
}

/** The descriptors that a random program has, by number. */
export class Pool {
  readonly #files = new Map<number, OpenFile>();
  /** TCP may carry only so much that no buffer of it ever fills: how full they get depends on timers. */
  tcpBudget = 24_000;

  /** Notes a new descriptor, if there is one, of a new file. */
  add(fd: number, kind: Kind): void {
    this.share(fd, { kind, watched: false, finished: false });
  }
  /** Notes a new descriptor of a file. */
  share(fd: number, file: OpenFile | undefined): void {
    if (fd >= 0 && file) this.#files.set(fd, file);
  }
  remove(fd: number): void {
    this.#files.delete(fd);
  }
  file(fd: number): OpenFile | undefined {
    return this.#files.get(fd);
  }
  kind(fd: number): Kind | undefined {
    return this.#files.get(fd)?.kind;
  }

  /** The `choice`-th descriptor of these kinds, of any kind if there is none, now and then one that is bad. */
  pick(choice: number, ...kinds: Kind[]): number {
    if (choice % 32 === 31) return [-1, 900, 1_000_000][(choice >> 5) % 3] ?? -1;
    const all = [...this.#files];
    const fitting = choice % 16 === 15 ? all : all.filter(([, { kind }]) => kinds.includes(kind));
    const list = fitting.length > 0 ? fitting : all;
    return list[choice % Math.max(list.length, 1)]?.[0] ?? 900;
  }

  /**
   * Whether a TCP socket may be shut down for sending, now that nobody watches it. Its FIN is acknowledged up to 40 ms
   * later, or with whatever the other side sends before: an edge for a watcher that depends on time.
   */
  mayFinish(fd: number): boolean {
    const file = this.#files.get(fd);
    if (!file || !["tcp", "listener", "connected"].includes(file.kind)) return true;
    if (file.watched) return false;
    file.finished = true;
    return true;
  }

  /** Whether an epoll may watch a file from now on: not a TCP socket whose FIN may not be acknowledged yet. */
  mayWatch(fd: number): boolean {
    const file = this.#files.get(fd);
    if (file?.finished) return false;
    if (file) file.watched = true;
    return true;
  }
}
