/** What a random program believes a descriptor to be. It may be wrong after dup2: then the errnos are compared. */
export type Kind =
  | "reader"
  | "writer"
  | "unix"
  | "eventfd"
  | "epoll"
  | "tcp"
  | "listener"
  | "connected"
  | "fifo"
  | "file"
  | "dgram"
  | "timer"
  | "udp"
  | "signalfd";

/** An open file, as a random program sees it; descriptors made by dup share it. */
export interface OpenFile {
  kind: Kind;
  /** It is, or was once, in an epoll. */
  watched: boolean;
  /** Its side of a TCP connection was ended while it was open. */
  finished: boolean;
  /** Its other end: what is written there can be read here. */
  peer?: OpenFile;
  /** Of a regular file: its name, when it was opened. */
  readonly name?: string;
  /** It is read and written past the page cache. */
  direct?: boolean;
  /** What an epoll watches. */
  readonly watches?: OpenFile[];
}

/** The descriptors that a random program has, by number. */
export class Pool {
  readonly #files = new Map<number, OpenFile>();
  /** TCP may carry only so much that no buffer of it ever fills: how full they get depends on timers. */
  tcpBudget = 24_000;

  /** The files that somebody has last begun to wait for, the latest at the end; of all processes. */
  readonly #wanted: OpenFile[];

  constructor(wanted: OpenFile[] = []) {
    this.#wanted = wanted;
  }

  /** The descriptors of a process that has been forked. */
  copy(): Pool {
    const pool = new Pool(this.#wanted);
    pool.tcpBudget = this.tcpBudget = this.tcpBudget >> 1;
    for (const [fd, file] of this.#files) pool.share(fd, file);
    return pool;
  }

  /** Notes a new descriptor, if there is one, of a new file. */
  add(fd: number, kind: Kind, name?: string): void {
    this.share(fd, { kind, watched: false, finished: false, watches: [], ...(name === undefined ? {} : { name }) });
  }
  /** Notes that two descriptors are the ends of one connection. */
  join(a: number, b: number): void {
    const [file, other] = [this.file(a), this.file(b)];
    if (!file || !other) return;
    file.peer = other;
    other.peer = file;
  }
  /** Notes that somebody may sleep now until `fd` can be read. */
  want(fd: number): void {
    const file = this.file(fd);
    const sources = file?.kind === "epoll" ? (file.watches ?? []) : file ? [file] : [];
    for (const source of sources) this.#wanted.push(source.peer ?? source);
  }
  /** A descriptor whose file, written to, wakes somebody; -1: there is none here. */
  wanted(choice: number): number {
    for (let i = 0; i < 4; i++) {
      const file = this.#wanted.at(-1 - ((choice + i) % 4));
      const [fd] = [...this.#files].find(([, own]) => own === file) ?? [];
      if (fd !== undefined) return fd;
    }
    return -1;
  }
  /** Notes a new descriptor of a file. */
  share(fd: number, file: OpenFile | undefined): void {
    if (fd >= 0 && file) this.#files.set(fd, file);
  }
  remove(fd: number): void {
    this.#files.delete(fd);
  }
  /** Notes that all descriptors from `first` to `last` are gone. */
  removeFrom(first: number, last: number): void {
    for (const fd of this.#files.keys()) if (fd >= first && fd <= last) this.#files.delete(fd);
  }
  file(fd: number): OpenFile | undefined {
    return this.#files.get(fd);
  }
  kind(fd: number): Kind | undefined {
    return this.#files.get(fd)?.kind;
  }

  /** The `choice`-th descriptor of these kinds, of any kind if there is none, now and then one that is bad. */
  pick(choice: number, ...kinds: Kind[]): number {
    return this.choose(choice, ({ kind }) => kinds.includes(kind));
  }
  /** The same of all files that fit. */
  choose(choice: number, fits: (file: OpenFile) => boolean): number {
    if (choice % 32 === 31) return [-1, 900, 1_000_000][(choice >> 5) % 3] ?? -1;
    const all = [...this.#files];
    const fitting = choice % 16 === 15 ? all : all.filter(([, file]) => fits(file));
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
