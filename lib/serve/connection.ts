import { AdoptedTask } from "../machine/adopted_task.ts";
import type { Completion, Submission, SubmitArgument } from "../machine/submission.ts";
import type { SignalDelivery } from "../machine/delivery.ts";
import type { Kernel } from "../kernel.ts";
import { MAX_MESSAGE, PROTOCOL_VERSION, ProtocolError, type Request, readMessage } from "./protocol.ts";
import { syscallName, syscallNumber } from "../machine/call.ts";
import { Lines } from "./lines.ts";
import type { Socket } from "node:net";
import { KernelPanic } from "../machine/panic.ts";

const SIGKILL = 9;
/** The system calls that make tasks. */
const FORKS: ReadonlySet<string> = new Set(["fork", "vfork", "clone"]);

/** Whether a task has ended, whatever is left of it. */
export function hasEnded({ state }: AdoptedTask): boolean {
  return state === "zombie" || state === "dead" || state === "gone";
}

/** What a connection asks of the server. */
export interface Surroundings {
  readonly kernel: Kernel;
  /** The tasks that clients are at work on. */
  readonly claimed: Map<AdoptedTask, Connection>;
  /** A fork() has made a task, which waits for its client. */
  born(task: AdoptedTask): void;
  /** Something has happened: the machine goes on as far as it can. */
  advance(): void;
  /** A task has got its client. */
  came(task: AdoptedTask): void;
  /** The client of a task is gone. */
  went(task: AdoptedTask): void;
  /** The machine cannot go on. */
  failed(error: unknown): void;
}

/** One client: one task of the machine. */
export class Connection {
  readonly #socket: Socket;
  readonly #server: Surroundings;
  readonly #lines = new Lines(MAX_MESSAGE);
  #task: AdoptedTask | null = null;
  /** The client's number of the call that its task is in; null: it is in none. */
  #calling: number | null = null;
  /** What signal handlers have interrupted, the outermost first: the client's numbers of calls; null: no call. */
  readonly #handlers: (number | null)[] = [];
  #isGone = false;
  /** Whether the call makes a task. */
  #forks = false;

  constructor(socket: Socket, server: Surroundings) {
    this.#socket = socket;
    this.#server = server;
    socket.on("data", (piece: Buffer) => this.#received(piece));
    socket.on("drain", () => socket.resume());
    // What becomes of the connection is told by "close".
    socket.on("error", () => {});
    socket.on("close", () => this.#gone());
    socket.on("end", () => socket.end());
  }

  /** Closes the connection. */
  close(): void {
    this.#socket.destroy();
  }

  /** Tells the client that its task has ended, if it has. */
  notice(): void {
    const task = this.#task;
    if (task === null || !hasEnded(task) || this.#isGone) return;
    this.#send({ event: "exited" });
    this.#socket.end();
    this.#gone();
  }

  #received(piece: Buffer): void {
    try {
      for (const line of this.#lines.take(piece)) if (!this.#isGone && line.trim() !== "") this.#message(line);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#send({ id: null, error: error.message });
      this.#socket.destroySoon();
      return;
    }
    // A client that does not read its answers is not listened to either.
    if (this.#socket.writableNeedDrain) this.#socket.pause();
  }

  #message(line: string): void {
    let id: number | null = null;
    try {
      const message = readMessage(line);
      id = message.id;
      this.#perform(id, message.request);
    } catch (error) {
      if (error instanceof KernelPanic) {
        this.#send({ id, error: `the machine has failed: ${error.message}` });
        this.#server.failed(error);
      } else if (error instanceof ProtocolError) this.#send({ id: error.id ?? id, error: error.message });
      else this.#send({ id, error: (error as Error).message });
    }
  }

  #perform(id: number, request: Request): void {
    switch (request.op) {
      case "hello":
        return this.#hello(id, request);
      case "call":
        return this.#call(id, request);
      case "reserve":
        return this.#send({ id, value: this.#own.reserve(request.fd) });
      case "signal":
        this.#send({ id, value: this.#signalled(request.task).signal(request.signo) });
        return this.#server.advance();
      case "clock":
        this.#own.holdsClock = request.holds;
        this.#send({ id, value: 0 });
        return this.#server.advance();
      case "now":
        return this.#send({ id, now: String(this.#server.kernel.now) });
      case "exit":
        this.#exit(request.code);
        this.#send({ id, value: 0 });
        this.#socket.end();
        return this.#gone();
    }
  }

  /** The task of this client. @throws ProtocolError before hello. */
  get #own(): AdoptedTask {
    if (this.#task) return this.#task;
    throw new ProtocolError('a client begins with { "op": "hello" }');
  }

  #signalled(pid: number | null): AdoptedTask {
    return pid === null ? this.#own : this.#adopted(pid, "task");
  }

  /** An adopted task. @throws ProtocolError if there is none with that number. */
  #adopted(pid: number, field: string): AdoptedTask {
    try {
      const task = this.#server.kernel.task(pid);
      if (task instanceof AdoptedTask) return task;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
    throw new ProtocolError(`${field} is the number of a task; there is no task ${pid}`);
  }

  #hello(id: number, { name, parent, files, task: claimed, nofile }: Request & { op: "hello" }): void {
    if (this.#task) throw new ProtocolError(`this client is task ${this.#task.pid} already`);
    const { kernel } = this.#server;
    let task: AdoptedTask;
    if (claimed === null) {
      const options = { files, ...(nofile === null ? {} : { rlimit_nofile: nofile }) };
      task = kernel.adopt(name, parent === null ? options : { ...options, parent: this.#adopted(parent, "parent") });
    } else {
      task = this.#adopted(claimed, "task");
      if (this.#server.claimed.has(task)) throw new ProtocolError(`task ${claimed} has a client already`);
      if (hasEnded(task)) throw new ProtocolError(`task ${claimed} has ended`);
    }
    this.#task = task;
    task.onComplete = (completion) => this.#completed(completion);
    task.onSignal = (delivery) => this.#interrupted(delivery);
    this.#server.claimed.set(task, this);
    this.#server.came(task);
    this.#send({ id, version: PROTOCOL_VERSION, task: task.pid });
    this.#server.advance();
  }

  #call(id: number, { call, args }: Request & { op: "call" }): void {
    const task = this.#own;
    const name = syscallName(syscallNumber(call));
    if (name === "rt_sigreturn") this.#handled(id);
    else {
      const submission = this.#submitted(id, name, args);
      if (submission.done) this.#completed(submission);
      else if (this.#calling === id && !hasEnded(task)) this.#send({ id, done: false });
    }
    this.#server.advance();
  }

  /** Hands a call in. @throws Error if the task cannot make one now: then it is in the same call as before. */
  #submitted(id: number, name: string, args: readonly SubmitArgument[]): Submission {
    if (this.#calling !== null) throw new ProtocolError(`the task is still in the call with the id ${this.#calling}`);
    this.#forks = FORKS.has(name);
    // A signal that comes in the middle of the call has to know what it interrupts.
    this.#calling = id;
    try {
      return this.#own.submit(name, ...args);
    } catch (error) {
      this.#calling = null;
      throw error;
    }
  }

  /** A handler is to run: the client runs it, and says so with rt_sigreturn. */
  #interrupted({ siginfo, ...delivery }: SignalDelivery): void {
    this.#handlers.push(this.#calling);
    this.#calling = null;
    this.#send({ event: "signal", ...delivery, siginfo: { ...siginfo, value: String(siginfo.value) } });
  }

  /** A handler has ended: what it has interrupted comes to its end, or goes on. */
  #handled(id: number): void {
    if (this.#handlers.length === 0) throw new ProtocolError("no signal handler runs: there is nothing to return to");
    const interrupted = this.#handlers.pop() ?? null;
    if (interrupted !== null) this.#send({ id, done: true, value: 0, out: [] });
    this.#calling = interrupted ?? id;
    const submission = this.#own.submit("rt_sigreturn");
    if (submission.done) this.#completed(submission);
  }

  /** A call in which the task has slept is done. */
  #completed(completion: Completion): void {
    const id = this.#calling;
    this.#calling = null;
    if (this.#isGone) this.#exit(0);
    else if (id !== null) this.#answer(id, completion);
  }

  #answer(id: number, { value, out }: Completion): void {
    if (this.#forks && value > 0) this.#server.born(this.#adopted(value, "child"));
    this.#send({ id, done: true, value, out: out.map((bytes) => Buffer.from(bytes).toString("base64")) });
  }

  #send(message: object): void {
    if (this.#socket.writable) this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  #exit(code: number): void {
    const task = this.#own;
    if (!hasEnded(task)) task.exit(code);
  }

  /** The client is gone: its task ends, as a process ends that is killed. */
  #gone(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    const task = this.#task;
    if (!task) return;
    this.#server.claimed.delete(task);
    try {
      if (task.pending === null) this.#exit(0);
      else task.signal(SIGKILL);
      this.#server.advance();
      this.#server.went(task);
    } catch (error) {
      this.#server.failed(error);
    }
  }
}
