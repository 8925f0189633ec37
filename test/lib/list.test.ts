import fc from "fast-check";
import { expect, test } from "vitest";
import { SCRATCH, structures } from "../support/structures.ts";

const boot = await structures(
  "list_init",
  "list_empty",
  "list_is_singular",
  "list_is_first",
  "list_is_last",
  "list_count",
  "list_add",
  "list_add_tail",
  "list_del",
  "list_del_init",
  "list_move",
  "list_move_tail",
  "list_bulk_move_tail",
  "list_replace",
  "list_replace_init",
  "list_swap",
  "list_rotate_left",
  "list_rotate_to_front",
  "list_cut_position",
  "list_cut_before",
  "list_splice",
  "list_splice_init",
  "list_splice_tail",
  "list_splice_tail_init",
  "list_next",
  "list_break",
);
type Machine = ReturnType<typeof boot>;

const HEADS = [0, 1, 2].map((i) => SCRATCH + i * 8);
const NODES = Array.from({ length: 9 }, (_, i) => SCRATCH + 0x100 + i * 8);

/** The nodes of a list, found by walking it; fails if two neighbours disagree. */
function walk(machine: Machine, head: number): number[] {
  const nodes: number[] = [];
  for (let at = machine.list_next(head); at !== head; at = machine.list_next(at)) {
    if (at === 0) throw new Error("two neighbours disagree");
    if (nodes.length === NODES.length) throw new Error("the list does not come back to its head");
    nodes.push(at);
  }
  return nodes;
}

/** What the lists should be: an array of nodes for every head. */
class Model {
  readonly lists = new Map(HEADS.map((head) => [head, [] as number[]]));

  of(head: number): number[] {
    return this.lists.get(head) ?? [];
  }
  set(head: number, nodes: number[]): void {
    this.lists.set(head, nodes);
  }
  /** The head of the list that a node is in. */
  home(node: number): number {
    return HEADS.find((head) => this.of(head).includes(node)) ?? 0;
  }
  get free(): number[] {
    return NODES.filter((node) => !this.home(node));
  }
  get linked(): number[] {
    return NODES.filter((node) => this.home(node));
  }
  remove(node: number): void {
    const home = this.home(node);
    this.set(
      home,
      this.of(home).filter((other) => other !== node),
    );
  }
  rename(from: (node: number) => number): void {
    for (const head of HEADS) this.set(head, this.of(head).map(from));
  }
}

/** Picks an element by any number; undefined from an empty array. */
function pick(from: number[], choice: number): number | undefined {
  return from[choice % from.length];
}

/** An operation on the machine and on the model; it does nothing where its conditions are not met. */
type Operation = (machine: Machine, model: Model, a: number, b: number, c: number) => void;

/** An operation that needs a head and a node that is in no list. */
function withFree(run: (machine: Machine, model: Model, head: number, node: number) => void): Operation {
  return (machine, model, a, b) => {
    const node = pick(model.free, b);
    if (node) run(machine, model, HEADS[a % 3]!, node);
  };
}

/** An operation that needs a head and a node that is in some list. */
function withLinked(run: (machine: Machine, model: Model, head: number, node: number) => void): Operation {
  return (machine, model, a, b) => {
    const node = pick(model.linked, b);
    if (node) run(machine, model, HEADS[a % 3]!, node);
  };
}

/** An operation on two different lists. */
function withTwoLists(run: (machine: Machine, model: Model, head: number, other: number) => void): Operation {
  return (machine, model, a, b) => run(machine, model, HEADS[a % 3]!, HEADS[((a % 3) + 1 + (b % 2)) % 3]!);
}

const OPERATIONS: Record<string, Operation> = {
  add: withFree((machine, model, head, node) => {
    machine.list_add(head, node);
    model.set(head, [node, ...model.of(head)]);
  }),
  add_tail: withFree((machine, model, head, node) => {
    machine.list_add_tail(head, node);
    model.set(head, [...model.of(head), node]);
  }),
  del: withLinked((machine, model, _, node) => {
    machine.list_del(node);
    model.remove(node);
  }),
  del_init: withLinked((machine, model, _, node) => {
    machine.list_del_init(node);
    model.remove(node);
    expect(machine.list_empty(node)).toBe(1);
  }),
  move: withLinked((machine, model, head, node) => {
    machine.list_move(head, node);
    model.remove(node);
    model.set(head, [node, ...model.of(head)]);
  }),
  move_tail: withLinked((machine, model, head, node) => {
    machine.list_move_tail(head, node);
    model.remove(node);
    model.set(head, [...model.of(head), node]);
  }),
  bulk_move_tail: (machine, model, a, b, c) => {
    const from = HEADS[a % 3]!;
    const nodes = model.of(from);
    if (!nodes.length) return;
    const [first, last] = [b % nodes.length, c % nodes.length].toSorted((x, y) => x - y) as [number, number];
    const to = HEADS[(a >> 2) % 3]!;
    machine.list_bulk_move_tail(to, nodes[first]!, nodes[last]!);
    model.set(from, [...nodes.slice(0, first), ...nodes.slice(last + 1)]);
    model.set(to, [...model.of(to), ...nodes.slice(first, last + 1)]);
  },
  replace: (machine, model, a, b) => {
    const [old, node] = [pick(model.linked, a), pick(model.free, b)];
    if (!old || !node) return;
    machine.list_replace(old, node);
    model.rename((other) => (other === old ? node : other));
  },
  replace_init: (machine, model, a, b) => {
    const [old, node] = [pick(model.linked, a), pick(model.free, b)];
    if (!old || !node) return;
    machine.list_replace_init(old, node);
    model.rename((other) => (other === old ? node : other));
    expect(machine.list_empty(old)).toBe(1);
  },
  swap: (machine, model, a, b) => {
    const [one, other] = [pick(model.linked, a), pick(model.linked, b)];
    if (!one || !other || one === other) return;
    machine.list_swap(one, other);
    model.rename((node) => (node === one ? other : node === other ? one : node));
  },
  rotate_left: (machine, model, a) => {
    const head = HEADS[a % 3]!;
    machine.list_rotate_left(head);
    const nodes = model.of(head);
    model.set(head, [...nodes.slice(1), ...nodes.slice(0, 1)]);
  },
  rotate_to_front: withLinked((machine, model, _, node) => {
    const head = model.home(node);
    machine.list_rotate_to_front(head, node);
    const nodes = model.of(head);
    const at = nodes.indexOf(node);
    model.set(head, [...nodes.slice(at), ...nodes.slice(0, at)]);
  }),
  cut_position: (machine, model, a, b, c) => {
    const from = HEADS[a % 3]!;
    const into = HEADS.find((head) => head !== from && !model.of(head).length);
    const nodes = model.of(from);
    if (!into) return;
    const count = (b + c) % (nodes.length + 1);
    machine.list_cut_position(from, count ? nodes[count - 1]! : from, into);
    model.set(into, nodes.slice(0, count));
    model.set(from, nodes.slice(count));
  },
  cut_before: (machine, model, a, b, c) => {
    const from = HEADS[a % 3]!;
    const into = HEADS.find((head) => head !== from && !model.of(head).length);
    const nodes = model.of(from);
    if (!into) return;
    const count = (b + c) % (nodes.length + 1);
    machine.list_cut_before(from, nodes[count] ?? from, into);
    model.set(into, nodes.slice(0, count));
    model.set(from, nodes.slice(count));
  },
  splice: withTwoLists((machine, model, head, other) => {
    machine.list_splice(head, other);
    machine.list_init(other);
    model.set(head, [...model.of(other), ...model.of(head)]);
    model.set(other, []);
  }),
  splice_init: withTwoLists((machine, model, head, other) => {
    machine.list_splice_init(head, other);
    model.set(head, [...model.of(other), ...model.of(head)]);
    model.set(other, []);
  }),
  splice_tail: withTwoLists((machine, model, head, other) => {
    machine.list_splice_tail(head, other);
    machine.list_init(other);
    model.set(head, [...model.of(head), ...model.of(other)]);
    model.set(other, []);
  }),
  splice_tail_init: withTwoLists((machine, model, head, other) => {
    machine.list_splice_tail_init(head, other);
    model.set(head, [...model.of(head), ...model.of(other)]);
    model.set(other, []);
  }),
};

/** Compares every list, and every question about it, with the model. */
function compare(machine: Machine, model: Model): void {
  for (const head of HEADS) {
    const nodes = model.of(head);
    expect(walk(machine, head)).toEqual(nodes);
    expect(machine.list_empty(head)).toBe(nodes.length === 0 ? 1 : 0);
    expect(machine.list_is_singular(head)).toBe(nodes.length === 1 ? 1 : 0);
    expect(machine.list_count(head)).toBe(nodes.length);
    nodes.forEach((node, i) => {
      expect(machine.list_is_first(head, node)).toBe(i === 0 ? 1 : 0);
      expect(machine.list_is_last(head, node)).toBe(i === nodes.length - 1 ? 1 : 0);
    });
  }
}

test("lists are what an array would be, after every operation of any sequence", () => {
  const step = fc.tuple(fc.constantFrom(...Object.keys(OPERATIONS)), fc.nat(35), fc.nat(35), fc.nat(35));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const machine = boot();
      const model = new Model();
      for (const head of HEADS) machine.list_init(head);
      for (const [name, a, b, c] of steps) {
        OPERATIONS[name]!(machine, model, a, b, c);
        compare(machine, model);
      }
    }),
    { numRuns: 300 },
  );
});

test("swapping two nodes works wherever they stand, neighbours in either order included", () => {
  const [head, ...rest] = [HEADS[0]!, ...NODES.slice(0, 4)];
  for (const one of rest) {
    for (const other of rest) {
      if (one === other) continue;
      const machine = boot();
      machine.list_init(head);
      for (const node of rest) machine.list_add_tail(head, node);
      machine.list_swap(one, other);
      expect(walk(machine, head)).toEqual(rest.map((node) => (node === one ? other : node === other ? one : node)));
    }
  }
});

test("a deleted node keeps no link", () => {
  const machine = boot();
  const [head, node] = [HEADS[0]!, NODES[0]!];
  machine.list_init(head);
  machine.list_add(head, node);
  machine.list_del(node);
  expect(new Uint32Array(machine.memory.buffer, node, 2)).toEqual(new Uint32Array(2));
});

test("a broken backward link is noticed", () => {
  const machine = boot();
  const head = HEADS[0]!;
  machine.list_init(head);
  for (const node of NODES) machine.list_add_tail(head, node);
  machine.list_break(NODES[4]!);
  expect(() => walk(machine, head)).toThrow("disagree");
});
