import { type Box, type Scene, keyOf } from "./scene.ts";

/** A part of a box to which links may lead. */
interface Part {
  readonly key: string;
  /** Address of the object that it shows; 0: none. */
  readonly address: number;
}

/** Everything inside a box that has a key of its own. */
export function partsOf({ tabs, rows, tree }: Box): Part[] {
  const chips = [...tabs, ...rows.flatMap((row) => row.chips)];
  return tree ? [...chips, ...tree.items] : chips;
}

/** How many things a box has, also those that are not drawn. */
export function countOf({ tabs, rows, tree }: Box): number {
  const listed = rows.reduce(
    (sum, { chips, more }) => sum + more + chips.reduce((all, chip) => all + (chip.count ?? 1), 0),
    0,
  );
  return tabs.length + listed + (tree?.count ?? 0);
}

/** Keys of boxes by the keys of themselves and of everything inside. */
export function ownersOf({ boxes }: Scene): Map<string, string> {
  const owners = new Map<string, string>();
  for (const box of boxes) {
    for (const { key } of partsOf(box)) owners.set(key, box.key);
  }
  // A part has the key of its object, as its box has: links lead to the box.
  for (const { key } of boxes) owners.set(key, key);
  return owners;
}

/** The boxes that show an object: its own, or those that it is a part of. */
export function boxesWith({ boxes }: Scene, address: number): Box[] {
  const own = boxes.filter((box) => box.address === address || box.key === keyOf(address));
  if (own.length > 0) return own;
  return boxes.filter((box) => partsOf(box).some((part) => part.address === address));
}
