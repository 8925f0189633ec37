import { boxesWith, ownersOf } from "./inside.ts";
import { type Box, type Scene, keyOf } from "./scene.ts";

/**
 * What of a scene shows an object and what it is linked to. If the object is not on the stage, nothing is left out.
 *
 * @param address  of the object.
 * @param links    how many links away something may be.
 */
export function narrowed(scene: Scene, address: number, links: number): Scene {
  const own = boxesWith(scene, address);
  if (own.length === 0) return scene;
  const owners = ownersOf(scene);
  const kept = new Set(own.map(({ key }) => key));
  // A part of a box is linked by its own links alone, not by all that its box has.
  const isPart = own.every((box) => box.address !== address);
  for (let i = 0; i < links; i++) {
    const before = new Set(kept);
    for (const { from, to, ends } of scene.links) {
      if (i === 0 && isPart && !ends.includes(address) && from !== keyOf(address) && to !== keyOf(address)) continue;
      const [one, other] = [owners.get(from), owners.get(to)];
      if (one === undefined || other === undefined) continue;
      if (before.has(one)) kept.add(other);
      if (before.has(other)) kept.add(one);
    }
  }
  const boxes = scene.boxes.filter(({ key }: Box) => kept.has(key));
  const isShown = (key: string) => kept.has(owners.get(key) ?? "");
  return { ...scene, boxes, links: scene.links.filter(({ from, to }) => isShown(from) && isShown(to)) };
}
