/** What a random program believes a descriptor to be. It may be wrong after dup2: then the errnos are compared. */
export type Kind = "reader" | "writer" | "unix" | "eventfd" | "epoll" | "tcp" | "listener" | "connected";

/** The descriptors that a random program has, by number. */
export class Pool {
  readonly #kinds = new Map<number, Kind>();
  /** TCP may carry only so much that no buffer of it ever fills: how full they get depends on timers. */
  tcpBudget = 24_000;

  add(fd: number, kind: Kind | undefined): void {
    if (fd >= 0 && kind) this.#kinds.set(fd, kind);
  }
  remove(fd: number): void {
    this.#kinds.delete(fd);
  }
  kind(fd: number): Kind | undefined {
    return this.#kinds.get(fd);
  }

  /** The `choice`-th descriptor of these kinds, of any kind if there is none, now and then one that is bad. */
  pick(choice: number, ...kinds: Kind[]): number {
    if (choice % 32 === 31) return [-1, 900, 1_000_000][(choice >> 5) % 3] ?? -1;
    const all = [...this.#kinds];
    const fitting = choice % 16 === 15 ? all : all.filter(([, kind]) => kinds.includes(kind));
    const list = fitting.length > 0 ? fitting : all;
    return list[choice % Math.max(list.length, 1)]?.[0] ?? 900;
  }
}
