import type { ListFrame, WatchedList } from "../../../../lib/structures/watched.ts";
import type { Operation } from "../operations.ts";
import type { Sentence } from "../plaything.ts";

/** One picture of a list. */
export interface ListStep {
  readonly frame: ListFrame;
  readonly operation: number;
  readonly sentences: readonly Sentence[];
  /** The values that what comes next is about: the one that is put in, moved or taken out, and its neighbours then or now. */
  readonly named: ReadonlySet<number>;
}

/** A neighbour: a value, or the list's head. */
type Neighbour = number | "head";

function told(key: Sentence["key"], values: Sentence["values"] = {}): Pick<ListStep, "sentences" | "named"> {
  const named = Object.values(values).filter((value) => typeof value === "number");
  return { sentences: [{ key, values }], named: new Set(named) };
}

/** What an operation comes to. */
function coming({ nodes }: ListFrame, { do: what, key }: Operation): Pick<ListStep, "sentences" | "named"> {
  const place = nodes.findIndex(({ value }) => value === key);
  const at = (i: number): Neighbour => nodes[i]?.value ?? "head";
  if (what === "insert" || what === "unshift") {
    if (place >= 0) return told("list_there", { key });
    if (nodes.length === 0) return told("list_first", { key });
    return what === "insert"
      ? told("list_push", { key, last: at(nodes.length - 1) })
      : told("list_unshift", { key, first: at(0) });
  }
  if (place < 0) return told("list_missing", { key });
  const around = { key, before: at(place - 1), after: at(place + 1) };
  if (what === "delete") return told("list_remove", around);
  return place === 0 ? told("list_move_there", { key }) : told("list_move", around);
}

function act(list: WatchedList, { do: what, key }: Operation): void {
  const isThere = list.frame.nodes.some(({ value }) => value === key);
  if (what === "delete") list.remove(key);
  else if (what === "move") list.moveToFront(key);
  else if (isThere) return;
  else if (what === "insert") list.push(key);
  else list.unshift(key);
}

/** Everything that happens to an empty list, picture by picture. */
export function listStory(list: WatchedList, operations: readonly Operation[]): ListStep[] {
  const steps = operations.map((one, operation): ListStep => {
    const { frame } = list;
    act(list, one);
    return { frame, operation, ...coming(frame, one) };
  });
  const { frame } = list;
  const rest = frame.nodes.length === 0 ? told("rest_list_empty") : told("rest_list", { keys: frame.nodes.length });
  return [...steps, { frame, operation: operations.length - 1, ...rest, named: new Set() }];
}
