import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LinkedList, type LinkedListOptions, type ListNode, type ValueKind } from "../../lib/structures/linked-list.ts";

/** What the list should be: nodes with their values, in order. Values are told apart as Object.is() does. */
class Model {
  order: [node: ListNode, value: number][] = [];
  /** Nodes that were taken out. */
  readonly gone: ListNode[] = [];

  drop(at: number): number | undefined {
    const [found] = this.order.splice(at, 1);
    if (found) this.gone.push(found[0]);
    return found?.[1];
  }
}

type Command = fc.Command<Model, LinkedList<number>>;

/** One call, checked against the model. */
function call(name: string, run: (model: Model, real: LinkedList<number>) => void): Command {
  return { check: () => true, run, toString: () => name };
}

/** A call about one of the nodes, if there is one. `pick` chooses it. */
function about(name: string, pick: number, run: (model: Model, real: LinkedList<number>, at: number) => void): Command {
  return call(name, (model, real) => {
    if (model.order.length > 0) run(model, real, pick % model.order.length);
  });
}

const valueOf = (kind: ValueKind): fc.Arbitrary<number> => (kind === "int32" ? fc.integer() : fc.double());

function commands(kind: ValueKind): fc.Arbitrary<Command>[] {
  const value = valueOf(kind);
  const pick = fc.nat({ max: 1000 });
  return [
    value.map((v) => call(`push(${v})`, (model, real) => model.order.push([real.push(v), v]))),
    value.map((v) => call(`unshift(${v})`, (model, real) => model.order.unshift([real.unshift(v), v]))),
    fc.constant(call("shift()", (model, real) => expect(real.shift()).toBe(model.drop(0)))),
    fc.constant(call("pop()", (model, real) => expect(real.pop()).toBe(model.drop(model.order.length - 1)))),
    fc
      .tuple(pick, value)
      .map(([p, v]) =>
        about(`insertBefore(${p}, ${v})`, p, (model, real, at) =>
          model.order.splice(at, 0, [real.insertBefore(model.order[at]![0], v), v]),
        ),
      ),
    fc
      .tuple(pick, value)
      .map(([p, v]) =>
        about(`insertAfter(${p}, ${v})`, p, (model, real, at) =>
          model.order.splice(at + 1, 0, [real.insertAfter(model.order[at]![0], v), v]),
        ),
      ),
    pick.map((p) =>
      about(`remove(${p})`, p, (model, real, at) => expect(real.remove(model.order[at]![0])).toBe(model.drop(at))),
    ),
    pick.map((p) =>
      about(`moveToFront(${p})`, p, (model, real, at) => {
        real.moveToFront(model.order[at]![0]);
        model.order.unshift(...model.order.splice(at, 1));
      }),
    ),
    pick.map((p) =>
      about(`moveToBack(${p})`, p, (model, real, at) => {
        real.moveToBack(model.order[at]![0]);
        model.order.push(...model.order.splice(at, 1));
      }),
    ),
    fc.tuple(pick, value).map(([p, v]) =>
      about(`set(${p}, ${v})`, p, (model, real, at) => {
        real.set(model.order[at]![0], v);
        model.order[at]![1] = v;
      }),
    ),
    fc.array(pick, { maxLength: 8 }).map((picks) =>
      call(`moveManyToFront(${picks.join()})`, (model, real) => {
        const nodes = picks.flatMap((p) => model.order.slice(p % (model.order.length + 1)).slice(0, 1));
        real.moveManyToFront(nodes.map(([node]) => node));
        for (const node of nodes) model.order.unshift(...model.order.splice(model.order.indexOf(node), 1));
      }),
    ),
    fc.array(value, { maxLength: 300 }).map((values) =>
      call(`pushMany(${values.length})`, (model, real) => {
        real.pushMany(values);
        const nodes = [...real.nodes()].slice(model.order.length);
        model.order.push(...nodes.map((node, i): [ListNode, number] => [node, values[i]!]));
      }),
    ),
    fc.nat({ max: 400 }).map((n) =>
      call(`shiftMany(${n})`, (model, real) => {
        const expected = model.order.slice(0, n).map(([, v]) => v);
        model.gone.push(...model.order.splice(0, n).map(([node]) => node));
        expect(real.shiftMany(n)).toEqual(expected);
      }),
    ),
    fc.constant(
      call("clear()", (model, real) => {
        real.clear();
        model.gone.push(...model.order.splice(0).map(([node]) => node));
      }),
    ),
  ];
}

describe.each(["any", "int32", "float64"] as const)("a list of %s", (kind) => {
  test("does what an array does, and knows all its nodes and none of those that were taken out", () => {
    fc.assert(
      fc.property(fc.commands(commands(kind), { maxCommands: 80 }), (run) => {
        using real = new LinkedList<number>({ values: kind });
        const model = new Model();
        fc.modelRun(() => ({ model, real }), run);
        const [nodes, values] = [model.order.map(([node]) => node), model.order.map(([, value]) => value)];
        expect([...real]).toEqual(values);
        expect([...real.reversed()]).toEqual(values.toReversed());
        expect([...real.nodes()]).toEqual(nodes);
        expect(real.size).toBe(values.length);
        expect([real.first(), real.last(), real.head, real.tail]).toEqual([
          values[0],
          values.at(-1),
          nodes[0],
          nodes.at(-1),
        ]);
        expect(nodes.map((node) => real.get(node))).toEqual(values);
        expect(nodes.slice(1).map((node) => real.previous(node))).toEqual(nodes.slice(0, -1));
        for (const node of model.gone) expect(real.has(node)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  test("gives all its memory back, and takes no more for values that come and go", () => {
    const values = Array.from({ length: 5000 }, (_, i) => i);
    new LinkedList<number>({ values: kind }).pushMany(values)[Symbol.dispose]();
    using list = new LinkedList<number>({ values: kind }).pushMany(values);
    const { bytes } = list;
    for (let i = 0; i < 20000; i++) list.push(list.shift()!);
    expect(list.bytes).toBe(bytes);
    expect([...list]).toEqual(values);
    list.clear();
    expect(list.bytes).toBe(0);
  });
});

test("a list holds anything, undefined too", () => {
  using list = new LinkedList<unknown>();
  const object = { a: 1 };
  list.pushMany([undefined, null, object]);
  list.push("end");
  expect([list.shift(), list.size, list.shiftMany(2), list.pop(), list.pop()]).toEqual([
    undefined,
    3,
    [null, object],
    "end",
    undefined,
  ]);
});

test("nodes may be taken out and moved while they are gone through", () => {
  using list = new LinkedList<number>().pushMany([1, 2, 3, 4]);
  for (const node of list.nodes()) if (list.get(node) % 2 === 0) list.remove(node);
  expect([...list]).toEqual([1, 3]);
});

test("reading many values says so when the node is gone where it has to go on", () => {
  using list = new LinkedList<number>().pushMany(Array.from({ length: 200 }, (_, i) => i));
  const values = list.values();
  values.next();
  list.clear();
  expect(() => [...values]).toThrow("taken out");
});

test("shiftInto() fills a typed array, and says how much of it", () => {
  using list = new LinkedList<number>({ values: "float64" }).pushMany(Float64Array.of(0.5, Number.NaN, 3));
  const into = new Float64Array(4);
  expect(list.shiftInto(into)).toBe(3);
  expect([...into]).toEqual([0.5, Number.NaN, 3, 0]);
});

test("a node that was taken out is refused, though another one lies in its place now", () => {
  using list = new LinkedList<string>();
  const gone = list.push("a");
  list.remove(gone);
  const now = list.push("b");
  expect(() => list.get(gone)).toThrow(`this list has no node ${gone}: it was taken out, or is another list's`);
  for (const use of [
    () => list.remove(gone),
    () => list.moveToFront(gone),
    () => list.moveToBack(gone),
    () => list.insertBefore(gone, "c"),
    () => list.insertAfter(gone, "c"),
    () => list.set(gone, "c"),
    () => list.next(gone),
    () => list.moveManyToFront([now, gone]),
  ]) {
    expect(use).toThrow(TypeError);
  }
  expect([...list]).toEqual(["b"]);
});

test("a node of another list is refused, and what is no node at all", () => {
  using list = new LinkedList<number>();
  using other = new LinkedList<number>();
  list.push(1);
  const foreign = other.push(2);
  expect(() => list.remove(foreign)).toThrow("another list's");
  for (const wrong of [0, -1, 1, 0.5, 2 ** 53, Infinity, Number.NaN, 2 ** 52 + 2 ** 29, undefined, {}]) {
    expect(() => list.get(wrong as ListNode)).toThrow("this list has no node");
  }
  expect([...list, ...other]).toEqual([1, 2]);
});

test("a list of numbers refuses others, and is as it was", () => {
  using whole = new LinkedList<number>({ values: "int32" });
  using real = new LinkedList<number>({ values: "float64" });
  for (const wrong of [0.5, 2 ** 31, "1", 1n]) {
    expect(() => whole.push(wrong as number)).toThrow(/a whole number from -2\^31 to 2\^31 - 1, not/);
    expect(() => whole.pushMany([1, wrong as number])).toThrow(TypeError);
  }
  expect(() => real.push("1" as unknown as number)).toThrow('a number, not "1"');
  expect(() => real.pushMany([1, {} as number])).toThrow(TypeError);
  expect([whole.size, real.size]).toEqual([0, 0]);
});

test("a list that was disposed of is of no use, and other kinds of values are refused", () => {
  const list = new LinkedList<number>();
  list.push(1);
  list[Symbol.dispose]();
  list[Symbol.dispose]();
  expect(() => list.push(2)).toThrow("disposed");
  expect(() => list.pushMany([2])).toThrow("disposed");
  expect(() => new LinkedList({ values: "text" } as unknown as LinkedListOptions)).toThrow('not "text"');
  using empty = new LinkedList<number>();
  expect(() => empty.shiftMany(-1)).toThrow(RangeError);
});
