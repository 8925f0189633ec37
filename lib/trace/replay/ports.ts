import type { RecordedFile } from "./recorded.ts";
import type { StraceCall } from "../strace/types.ts";

/** A traced task's end of a connection to another traced task, at a port that the kernel chose for it. */
interface Client {
  /** The port in the recording. */
  readonly recorded: number;
  /** Between which places of the recording it was open. */
  readonly from: number;
  readonly to: number;
  /** The port on the machine; null: not known yet. */
  machine: number | null;
}

/**
 * Ports that the kernel chose for clients among the traced tasks. The machine chooses others: any will do, as long as
 * it is always the same for the same client, and different for different ones.
 */
export class ChosenPorts {
  readonly #clients: readonly Client[];

  constructor(files: readonly RecordedFile[]) {
    const listening = new Set(files.flatMap(({ listens, port }) => (listens && port !== null ? [port] : [])));
    this.#clients = files.flatMap((file) => clientOf(file, listening) ?? []);
  }

  /**
   * The port to expect where one was recorded.
   *
   * @param got  the port that the machine has told.
   */
  expected(call: StraceCall, recorded: number, got: number | undefined): number {
    const client = this.#clients.findLast((one) => one.recorded === recorded && one.from <= call.exitSequence);
    if (!client || got === undefined) return recorded;
    if (client.machine === null && !this.#isTaken(client, got)) client.machine = got;
    return client.machine ?? recorded;
  }

  /** Whether a port is that of another client of the same time. */
  #isTaken(client: Client, port: number): boolean {
    return this.#clients.some((one) => one.machine === port && one.from < client.to && client.from < one.to);
  }
}

function clientOf({ operations, port }: RecordedFile, listening: ReadonlySet<number>): Client | null {
  const connect = operations.find((operation) => operation.kind === "connect");
  if (connect?.kind !== "connect" || !listening.has(connect.port) || (port !== null && port !== 0)) return null;
  const released = operations.find((operation) => operation.kind === "released");
  for (const { call } of operations) {
    const own = call?.args[0];
    if (own?.kind !== "fd" || own.annotation.kind !== "inet" || !own.annotation.local) continue;
    const to = released?.call?.exitSequence ?? Number.POSITIVE_INFINITY;
    return { recorded: own.annotation.local.port, from: connect.call.entrySequence, to, machine: null };
  }
  return null;
}
