import type { Operation, RecordedFile, Report } from "./recorded.ts";
import { EPOLL_EVENTS } from "./constants.ts";
import type { StraceCall } from "../strace/types.ts";
import type { Survey } from "./survey.ts";

/** Something outside that has to have happened by the time of a call, because the call shows it. */
export type Implied =
  /** A client has connected, and waits to be accepted. `connection`: as what it is accepted; null: it never is. */
  | { readonly kind: "connection"; readonly listener: RecordedFile; readonly connection: RecordedFile | null }
  /** At least so many bytes can be read. */
  | { readonly kind: "bytes"; readonly file: RecordedFile; readonly count: number }
  /** The other side will send no more. */
  | { readonly kind: "end"; readonly file: RecordedFile }
  /** The other side has broken the connection off. */
  | { readonly kind: "reset"; readonly file: RecordedFile }
  /** A server outside listens. */
  | { readonly kind: "server"; readonly file: RecordedFile; readonly port: number }
  /** Something that the machine does not have, such as a timerfd, has become ready. */
  | { readonly kind: "ready"; readonly file: RecordedFile; readonly fd: number };

const { EPOLLIN, EPOLLRDNORM, EPOLLERR, EPOLLHUP, EPOLLRDHUP } = EPOLL_EVENTS as Record<string, number>;

/** An implied event, and which of the events of its call shows it; calls that show only one have position 0. */
export interface Placed {
  readonly position: number;
  readonly implied: Implied;
}

/**
 * Works out what happened outside: for each call, what had to be so by then. Everything is put as late as it can be, at
 * the first call that shows it.
 */
export function impliedEvents(survey: Survey): Map<StraceCall, Placed[]> {
  const placed = new Map<StraceCall, Placed[]>();
  const need = (call: StraceCall, implied: Implied, position = 0): void => {
    const list = placed.get(call) ?? [];
    list.push({ position, implied });
    placed.set(call, list);
  };
  const inside = insideEndpoints(survey.files);
  for (const file of survey.files) {
    if (file.listens) impliedByListener(file, need, (connection) => isInside(connection, inside));
    else if (file.kind === "stream" && !isInside(file, inside)) new StreamWalk(file, need).walk();
    else if (isStandIn(file)) impliedByStandIn(file, need);
  }
  for (const list of placed.values()) list.sort((a, b) => a.position - b.position);
  return placed;
}

/** Whether the machine has no such file, so that an eventfd stands in for it wherever it is waited for. */
export function isStandIn(file: RecordedFile): boolean {
  return file.kind === "pollable" || (file.kind === "timerfd" && file.made === null);
}

type Need = (call: StraceCall, implied: Implied, position?: number) => void;

/** The ends of connections that traced tasks have made to other traced tasks, as `host:port`. */
function insideEndpoints(files: readonly RecordedFile[]): Set<string> {
  const listening = new Set<number>();
  for (const file of files) if (file.listens && file.port !== null) listening.add(file.port);
  const inside = new Set<string>();
  for (const file of files) {
    const connect = file.operations.find((operation) => operation.kind === "connect");
    if (connect?.kind !== "connect" || !listening.has(connect.port)) continue;
    inside.add(`to ${connect.port}`);
    for (const operation of file.operations) {
      const own = operation.call?.args[0];
      if (own?.kind === "fd" && own.annotation.kind === "inet" && own.annotation.local) {
        inside.add(`${own.annotation.local.host}:${own.annotation.local.port}`);
      }
    }
  }
  return inside;
}

/** Whether both ends of a connection belong to traced tasks: the kernel itself does everything then. */
function isInside(file: RecordedFile, inside: ReadonlySet<string>): boolean {
  if (file.listener) {
    const remote = file.annotation?.kind === "inet" ? file.annotation.remote : undefined;
    return remote !== undefined && inside.has(`${remote.host}:${remote.port}`);
  }
  return file.operations.some((operation) => operation.kind === "connect" && inside.has(`to ${operation.port}`));
}

/** Clients: each is there when the listener is reported as ready for it, or when it is accepted. */
function impliedByListener(file: RecordedFile, need: Need, isInsideConnection: (file: RecordedFile) => boolean): void {
  const upcoming = file.operations.flatMap((operation) => (operation.kind === "accept" ? [operation.connection] : []));
  let accepted = 0;
  let waiting = 0;
  for (const operation of file.operations) {
    if (operation.kind === "accept") {
      accepted++;
      const { call, connection } = operation;
      if (!connection || isInsideConnection(connection)) continue;
      if (waiting === 0) need(call, { kind: "connection", listener: file, connection });
      else waiting--;
    } else if (operation.kind === "report" && (operation.mask & EPOLLIN!) !== 0 && waiting === 0) {
      const connection = upcoming[accepted];
      if (!connection || isInsideConnection(connection)) continue;
      need(operation.call, { kind: "connection", listener: file, connection }, operation.position);
      waiting++;
    }
  }
}

/** What stands in for something else is ready when it is reported so. */
function impliedByStandIn(file: RecordedFile, need: Need): void {
  for (const operation of file.operations) {
    if (operation.kind === "report" && (operation.mask & EPOLLIN!) !== 0) {
      need(operation.call, { kind: "ready", file, fd: operation.fd }, operation.position);
    }
  }
}

/** Goes through what happened to one end of a connection whose other end is outside. */
class StreamWalk {
  readonly #file: RecordedFile;
  readonly #need: Need;
  /** What lies ahead of each operation. */
  readonly #ahead: readonly Ahead[];
  #ended = false;
  #reset = false;
  /** Whether this end has said that it will send no more. */
  #shut = false;

  constructor(file: RecordedFile, need: Need) {
    this.#file = file;
    this.#need = need;
    this.#ahead = lookAhead(file.operations);
  }

  walk(): void {
    this.#file.operations.forEach((operation, index) => {
      if (operation.kind === "report") this.#report(operation, index);
      else if (operation.kind === "read") this.#read(operation);
      else if (operation.kind === "write") this.#write(operation);
      else if (operation.kind === "connect") this.#connect(operation);
      else if (operation.kind === "shutdown" && operation.how > 0) this.#shut = true;
    });
  }

  #connect({ call, port, error }: Extract<Operation, { kind: "connect" }>): void {
    if (error === null || error === "EINPROGRESS") this.#need(call, { kind: "server", file: this.#file, port });
  }

  #end(call: StraceCall, position = 0): void {
    if (this.#ended || this.#reset) return;
    this.#ended = true;
    this.#need(call, { kind: "end", file: this.#file }, position);
  }

  #break(call: StraceCall, position = 0): void {
    if (this.#reset) return;
    this.#reset = true;
    this.#need(call, { kind: "reset", file: this.#file }, position);
  }

  #read({ call, got }: Extract<Operation, { kind: "read" }>): void {
    if (got === 0) this.#end(call);
    else if (typeof got === "number") this.#need(call, { kind: "bytes", file: this.#file, count: got });
    else if (got === "ECONNRESET") this.#break(call);
  }

  #write({ call, got }: Extract<Operation, { kind: "write" }>): void {
    if (got === "ECONNRESET") this.#break(call);
    else if (got === "EPIPE") {
      // A reset behind the end of the other side's data makes EPIPE.
      this.#end(call);
      this.#break(call);
    }
  }

  #report(report: Report, index: number): void {
    const { call, mask, position } = report;
    if ((mask & EPOLLERR!) !== 0) this.#break(call, position);
    else if ((mask & EPOLLHUP!) !== 0) {
      if (this.#shut) this.#endAfterAll(call, index, position);
      else this.#break(call, position);
    } else if ((mask & EPOLLRDHUP!) !== 0) this.#endAfterAll(call, index, position);
    else if ((mask & (EPOLLIN! | EPOLLRDNORM!)) !== 0) this.#readable(report, index);
  }

  /** The end is behind all that will be read. */
  #endAfterAll(call: StraceCall, index: number, position: number): void {
    if (this.#ended || this.#reset) return;
    const count = this.#ahead[index]!.bytes;
    if (count > 0) this.#need(call, { kind: "bytes", file: this.#file, count }, position);
    this.#end(call, position);
  }

  /** There is something to read: what the next read shows. */
  #readable({ call, position, edge }: Report, index: number): void {
    if (this.#ended || this.#reset) return;
    const { next, reports } = this.#ahead[index]!;
    const got = next ? next.got : 1;
    if (got === 0) this.#end(call, position);
    else if (got === "ECONNRESET") this.#break(call, position);
    else if (typeof got === "number") {
      // On an edge every report shows something new: a byte is kept back for each report before the read.
      const later = edge && next ? reports : 0;
      this.#need(call, { kind: "bytes", file: this.#file, count: Math.max(1, got - later) }, position);
    }
  }
}

/** What lies ahead of an operation. */
interface Ahead {
  /** The next read that tells what there is to read. */
  readonly next: Extract<Operation, { kind: "read" }> | null;
  /** Number of reports up to it. */
  readonly reports: number;
  /** All that will be read. Unit: bytes. */
  readonly bytes: number;
}

function lookAhead(operations: readonly Operation[]): Ahead[] {
  const all: Ahead[] = [];
  let ahead: Ahead = { next: null, reports: 0, bytes: 0 };
  for (let i = operations.length - 1; i >= 0; i--) {
    all[i] = ahead;
    const operation = operations[i]!;
    if (operation.kind === "report") ahead = { ...ahead, reports: ahead.reports + 1 };
    else if (operation.kind === "read" && operation.got !== "EAGAIN" && operation.got !== "EINTR") {
      const bytes = typeof operation.got === "number" && !operation.left ? operation.got : 0;
      ahead = { next: operation, reports: 0, bytes: ahead.bytes + bytes };
    }
  }
  return all;
}
