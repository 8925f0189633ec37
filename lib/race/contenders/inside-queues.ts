import type { LinkedListExports } from "../../structures/linked-list.ts";
import type { RingExports } from "../../structures/ring-place.ts";
import type { Runner, Work } from "../types.ts";
import { MESSAGES, MESSAGES_IN_RING, PIECE } from "../work.ts";

/** Of a list of whole numbers, in assembly/structures/linked_list.ts. */
const I32 = 1;

/** What modules export that work can be done wholly inside of. */
interface Inside {
  readonly memory: WebAssembly.Memory;
  readonly room_take: (bytes: number) => number;
  readonly room_give: (room: number, bytes: number) => void;
}

/** Memory of a module, filled. */
interface Room {
  readonly at: number;
  readonly bytes: number;
}

function roomOf(exports: Inside, filled: Int32Array | Float64Array | Uint8Array): Room {
  const bytes = Math.max(1, filled.byteLength);
  const at = exports.room_take(bytes) >>> 0;
  if (at === 0) throw new RangeError(`there is no memory left for ${bytes} bytes`);
  const { buffer, byteOffset, byteLength } = filled;
  new Uint8Array(exports.memory.buffer, at, byteLength).set(new Uint8Array(buffer, byteOffset, byteLength));
  return { at, bytes };
}

/** A list in the module, and the numbers of its nodes by the index of their keys. */
interface InsideList {
  readonly list: number;
  readonly nodes: Room;
}

/** Does the work of a list wholly inside of its module. */
export function insideList(exports: LinkedListExports, name: "queue" | "lru"): Runner {
  let lists: InsideList[] = [];
  let probes: Room;
  let count = 0;
  const make = ({ keys }: Work): InsideList => {
    const list = exports.create(I32);
    const values = roomOf(exports, keys);
    if (exports.push_many(list, values.at, keys.length) !== 0) throw new RangeError("there is no memory left");
    exports.room_give(values.at, values.bytes);
    const nodes = new Float64Array(name === "lru" ? keys.length : 0);
    for (let i = 0, node = exports.first(list); i < nodes.length; i++) {
      nodes[i] = node;
      node = exports.next(list, exports.find(list, node));
    }
    return { list, nodes: roomOf(exports, nodes) };
  };
  return {
    prepare(work, copies) {
      count = work.operations;
      probes = roomOf(exports, work.probes);
      lists = Array.from({ length: copies }, () => make(work));
    },
    run(copy) {
      const { list, nodes } = lists[copy]!;
      return name === "queue"
        ? exports.loop_queue(list, probes.at, count, PIECE)
        : exports.loop_lru(list, nodes.at, probes.at, count);
    },
    end() {
      for (const { list, nodes } of lists) {
        exports.destroy(list);
        exports.room_give(nodes.at, nodes.bytes);
      }
      exports.room_give(probes.at, probes.bytes);
      lists = [];
    },
    bytes: () => exports.bytes(lists[0]!.list) + (name === "lru" ? lists[0]!.nodes.bytes : 0),
  };
}

/** Does the work of a ring wholly inside of its module. @param isOfRecords  Whether a message is one element. */
export function insideRing(exports: RingExports, isOfRecords: boolean): Runner {
  let ring = 0;
  let rooms: Room[] = [];
  let given: Work;
  return {
    prepare(work) {
      given = work;
      const record = isOfRecords ? work.size : 1;
      const elements = isOfRecords ? MESSAGES_IN_RING : 2 ** Math.ceil(Math.log2(work.size * MESSAGES_IN_RING));
      ring = exports.create(elements, record);
      rooms = [roomOf(exports, work.message), roomOf(exports, new Uint8Array(work.size))];
    },
    run() {
      const [messages, into] = rooms;
      return exports.loop_messages(ring, messages!.at, MESSAGES, given.size, into!.at, given.operations);
    },
    end() {
      exports.destroy(ring);
      for (const { at, bytes } of rooms) exports.room_give(at, bytes);
    },
  };
}
