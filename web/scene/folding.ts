import type { Translate } from "../i18n/catalogue.ts";
import { countOf, ownersOf, partsOf } from "./inside.ts";
import type { Box, Fold, Link, Scene } from "./scene.ts";

/** A scene whose boxes have a button that folds them, some of them folded to their heads: links that lead inside end there. */
export function folded(scene: Scene, keys: ReadonlySet<string>, translate: Translate): Scene {
  const boxes = scene.boxes.map((box) => foldable(box, keys.has(box.key), translate));
  if (!boxes.some(({ fold }) => fold?.isFolded)) return { ...scene, boxes };
  const owners = ownersOf(scene);
  const place = (key: string) => {
    const owner = owners.get(key);
    return owner !== undefined && keys.has(owner) ? owner : key;
  };
  const tokens = scene.tokens.map((token) => ({ ...token, from: place(token.from), to: place(token.to) }));
  return { ...scene, boxes, links: joined(scene.links, place), tokens };
}

function foldable(box: Box, isFolded: boolean, translate: Translate): Box {
  const count = countOf(box);
  if (box.word === "" || (count === 0 && box.rows.length === 0)) return box;
  const badge = translate("fold_badge", { count });
  const name = [box.word, box.title].filter(Boolean).join(" ");
  const what = translate(isFolded ? "fold_open" : "fold_close", { name });
  const label = count > 0 ? `${what}: ${badge}` : what;
  if (!isFolded) return { ...box, fold: { isFolded, label, count, badge, inside: [] } };
  const inside = partsOf(box).flatMap(({ address }) => (address === 0 ? [] : [address]));
  const fold: Fold = { isFolded, label, count, badge, inside };
  return { ...box, fold, tabs: [], rows: [], tree: null, label: `${box.label}, ${badge}` };
}

/** Links with other ends: those that have become the same are one, and none leads from a box to itself. */
function joined(links: readonly Link[], place: (key: string) => string): Link[] {
  const found = new Map<string, Link>();
  for (const link of links) {
    const [from, to] = [place(link.from), place(link.to)];
    if (from === to) continue;
    const isSame = from === link.from && to === link.to;
    const key = isSame ? link.key : `${link.kind}:${from}:${to}`;
    const known = found.get(key);
    found.set(key, { ...link, key, from, to, ends: known ? [...known.ends, ...link.ends] : link.ends });
  }
  return [...found.values()];
}
