// @ts-check
import { createConnection } from "node:net";
import { createInterface } from "node:readline";

/**
 * A client of a served machine, as small as it can be: what a program in any language would do.
 *
 * @typedef {{ id?: number | null, error?: string, done?: boolean, value?: number, out?: string[], task?: number, now?: string, signo?: number, event?: string }} Answer
 */
export class Client {
  /** @type {import("node:net").Socket} */
  #socket;
  /** @type {Map<number, (answer: Answer) => void>} */
  #waiting = new Map();
  #next = 1;
  /** Number of the task. */
  task = 0;
  /** Told that the task sleeps in its call. */
  onSleep = () => {};
  /** The signals for which a handler was to run. @type {number[]} */
  signals = [];

  /** @param {string} path */
  constructor(path) {
    this.#socket = createConnection(path);
    createInterface({ input: this.#socket }).on("line", (line) => this.#answered(JSON.parse(line)));
  }

  /**
   * @param {object} [hello]
   * @param {string} [path]
   */
  static async connect(hello = {}, path = String(process.env["SOCKET"])) {
    const client = new Client(path);
    const { task = 0 } = await client.request({ op: "hello", ...hello });
    client.task = task;
    return client;
  }

  /** @param {Answer} answer */
  #answered(answer) {
    if (answer.event === "signal") {
      this.signals.push(Number(answer.signo));
      void this.call("rt_sigreturn");
    }
    if (answer.id === undefined || answer.id === null) return;
    if (answer.done === false) {
      this.onSleep();
      return;
    }
    const resolve = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    resolve?.(answer);
  }

  /**
   * @param {object} request
   * @returns {Promise<Answer>}
   */
  async request(request) {
    const id = this.#next++;
    /** @type {Promise<Answer>} */
    const answered = new Promise((resolve) => this.#waiting.set(id, resolve));
    this.#socket.write(`${JSON.stringify({ id, ...request })}\n`);
    const answer = await answered;
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  }

  /**
   * A system call: its value, and what it has written.
   *
   * @param {string} call
   * @param {...unknown} args
   * @returns {Promise<{ value: number, out: Buffer[] }>}
   */
  async call(call, ...args) {
    const { value = NaN, out = [] } = await this.request({ op: "call", call, args });
    return { value, out: out.map((bytes) => Buffer.from(bytes, "base64")) };
  }

  /** @param {number} fd @param {string} text */
  async write(fd, text) {
    return (await this.call("write", fd, bytes(text), Buffer.byteLength(text))).value;
  }

  /** @param {number} fd */
  async read(fd) {
    const { value, out } = await this.call("read", fd, { out: 100 }, 100);
    return value < 0 ? value : (out[0] ?? Buffer.alloc(0)).subarray(0, value).toString();
  }

  close() {
    this.#socket.end();
  }
}

/** @param {string | Uint8Array} data */
export function bytes(data) {
  return { in: Buffer.from(/** @type {string} */ (data)).toString("base64") };
}

/** struct sockaddr_in of 127.0.0.1. @param {number} port */
export function address(port) {
  const view = Buffer.alloc(16);
  view.writeUInt16LE(2, 0);
  view.writeUInt16BE(port, 2);
  view.set([127, 0, 0, 1], 4);
  return bytes(view);
}

/** struct epoll_event. @param {number} events @param {number} data */
export function event(events, data) {
  const view = Buffer.alloc(12);
  view.writeUInt32LE(events >>> 0, 0);
  view.writeUInt32LE(data, 4);
  return bytes(view);
}

/** struct timespec. @param {number} ms */
export function timespec(ms) {
  const view = Buffer.alloc(16);
  view.writeBigInt64LE(BigInt(Math.floor(ms / 1000)), 0);
  view.writeBigInt64LE(BigInt((ms % 1000) * 1_000_000), 8);
  return bytes(view);
}

/** The kernel's struct sigaction, of a handler that is somewhere. @param {number} flags */
export function sigaction(flags) {
  return bytes(new Uint8Array(new BigUint64Array([0x1000n, BigInt(flags), 0n, 0n]).buffer));
}

/** What a script has found out, for the test. @param {unknown} value */
export function tell(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
