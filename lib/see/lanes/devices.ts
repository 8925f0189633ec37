import { type LaneCosts, dmaDuration } from "./costs.ts";
import { type LaneKind, LaneWriter, type OpenSlice, type SliceKind } from "./lane.ts";
import type { TraceRecord } from "../../machine/records.ts";
import { enumName } from "../names.ts";

/** Number of the lane of the disk's DMA; those before it are the network card's. */
const DISK_DMA = 2;

/** Things that go on at the same time: as many lanes as there are at once. */
class Rows {
  readonly lanes: LaneWriter[] = [];
  readonly #kind: LaneKind;
  readonly #open = new Map<number, LaneWriter>();

  constructor(kind: LaneKind) {
    this.#kind = kind;
  }

  begin(key: number, kind: SliceKind, name: string, time: number, tick: number): OpenSlice {
    this.end(key, time, tick);
    let lane = this.lanes.find(({ level, time: last }) => level === 0 && last <= time);
    if (!lane) this.lanes.push((lane = new LaneWriter(this.#kind, this.lanes.length)));
    this.#open.set(key, lane);
    const slice = lane.begin(kind, name, time, tick);
    slice.object = key;
    return slice;
  }

  end(key: number, time: number, tick: number): void {
    this.#open.get(key)?.end(0, time, tick);
    this.#open.delete(key);
  }

  finish(time: number, tick: number): void {
    for (const lane of this.lanes) lane.end(0, time, tick, false);
  }
}

/** Pieces of a packet that a device reads at the same moment. */
interface Gathered {
  time: number;
  bytes: number;
  from: number;
  to: number;
}

/** What a command does, as the kind of its slice. */
function operation(op: number): "read" | "write" | "flush" {
  const name = enumName("ReqOp", op);
  return name === "READ" ? "read" : name === "WRITE" ? "write" : "flush";
}

/** What the disk, the network card and the DMA of both do. */
export class DeviceLanes {
  readonly #costs: LaneCosts;
  readonly #bios = new Rows("block");
  readonly #commands = new Rows("disk");
  readonly #packets = new Rows("nic");
  readonly #dma = ["nic receives", "nic sends", "disk"].map((name, i) => new LaneWriter("dma", i, name));
  /** Packets that wait for the card, and packets that wait for the driver, the oldest first. */
  readonly #sending: number[] = [];
  readonly #received: number[] = [];
  /** Devices that lead back to this machine: no card is in between. */
  readonly #loopback = new Set<number>();
  #device = 0;
  #gathered: Gathered | null = null;
  #packet = 0;

  constructor(costs: LaneCosts) {
    this.#costs = costs;
  }

  /**
   * The lanes on which something has happened. A network card without DMA has none: CPUs move its packets, and their
   * lanes tell that.
   */
  get lanes(): LaneWriter[] {
    const dma = this.#dma.filter(({ slices }) => slices.length > 0);
    const packets = dma.some(({ number }) => number < DISK_DMA) ? this.#packets.lanes : [];
    return [...this.#bios.lanes, ...this.#commands.lanes, ...dma, ...packets];
  }

  /** Takes the next record in, of whatever CPU. */
  take(record: TraceRecord): void {
    const { event, args, tick, time } = record;
    switch (event) {
      case "submit_bio":
        this.#bios.begin(args[0], operation(args[2]), "", time, tick).bytes = args[1];
        break;
      case "bio_endio":
        this.#bios.end(args[0], time, tick + 1);
        break;
      case "disk_queue_rq":
        this.#commands.begin(args[0], operation(args[2]), "", time, tick).bytes = args[1];
        break;
      case "blk_mq_end_request":
        this.#commands.end(args[0], time, tick + 1);
        break;
      case "disk_transfer":
        this.#moved(
          DISK_DMA,
          args[1],
          { start: time, end: time, from: tick, to: tick + 1 },
          operation(args[2]) === "read",
        );
        break;
      default:
        this.#network(record);
    }
  }

  #network({ event, args, tick, time }: TraceRecord): void {
    switch (event) {
      case "dev_hard_start_xmit":
        this.#device = args[1];
        break;
      case "loopback_xmit":
        this.#loopback.add(this.#device);
        break;
      case "eth_start_xmit":
        this.#sending.push(--this.#packet);
        this.#packets.begin(this.#packet, "transmit", "", time, tick).bytes = args[1];
        break;
      case "dma_from_memory":
        this.#reads(args[1], time, tick);
        break;
      case "dma_to_memory":
        this.#writes(args[1], time, tick);
        break;
      case "netif_receive_skb":
        if (!this.#loopback.has(args[2])) this.#packets.end(this.#received.shift() ?? 0, time, tick + 1);
        break;
    }
  }

  /** The card has read a piece of a packet; all pieces of one are read at the same moment. */
  #reads(bytes: number, time: number, tick: number): void {
    const known = this.#gathered;
    if (known !== null && known.time === time) {
      known.bytes += bytes;
      known.to = tick + 1;
      return;
    }
    this.#flush();
    this.#gathered = { time, bytes, from: tick, to: tick + 1 };
    this.#packets.end(this.#sending.shift() ?? 0, time, tick + 1);
  }

  /** The card has written a packet into memory: there it waits for the driver. */
  #writes(bytes: number, time: number, tick: number): void {
    const start = time - dmaDuration(this.#costs, bytes);
    this.#received.push(--this.#packet);
    this.#packets.begin(this.#packet, "receive", "", start, tick).bytes = bytes;
    this.#moved(0, bytes, { start, end: time, from: tick, to: tick + 1 }, true);
  }

  #flush(): void {
    const known = this.#gathered;
    if (known === null) return;
    const { time, bytes, from, to } = known;
    this.#moved(1, bytes, { start: time - dmaDuration(this.#costs, bytes), end: time, from, to }, false);
    this.#gathered = null;
  }

  #moved(dma: number, bytes: number, span: { start: number; end: number; from: number; to: number }, in_: boolean) {
    this.#dma[dma]!.add(in_ ? "to_memory" : "from_memory", "", span).bytes = bytes;
  }

  /** The records are at an end. */
  finish(time: number, tick: number): void {
    this.#flush();
    for (const rows of [this.#bios, this.#commands, this.#packets]) rows.finish(time, tick);
  }
}
