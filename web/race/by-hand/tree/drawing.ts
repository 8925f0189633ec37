import { type TemplateResult, html, nothing, svg } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";
import type { SearchNode } from "../../../../lib/structures/heard-search-tree.ts";
import type { ByHandKey } from "../../../i18n/pages/by-hand.ts";
import { type T, minus } from "../texts.ts";
import { type PlacedNode, RADIUS, rotationPath, treePicture } from "./picture.ts";
import type { Shown } from "./search.ts";

/** How the nodes of a tree look. */
export interface Look<N extends SearchNode> {
  /** What the whole is, with `keys` filled in. */
  readonly label: ByHandKey;
  /** Its class in the style sheet. */
  readonly kind: (node: N) => string;
  /** How round it is. Unit: px. */
  readonly corner: (node: N) => number;
  /** What stands below the key. Default: nothing. */
  readonly below?: (node: N) => string;
}

/** The tree of a step, with what the coming rule names. */
export function drawing<N extends SearchNode>(
  { frame, parts, rotation }: Shown<N>,
  look: Look<N>,
  t: T,
): TemplateResult {
  const { nodes, edges, width, height } = treePicture(frame);
  const turned = nodes.find(({ node }) => node.key === rotation?.key);
  const part = (key: number) => {
    const name = parts.get(key);
    return name === undefined ? null : t(`part_${name}`);
  };
  return html`<svg
    class="tree"
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-label=${t(look.label, { keys: nodes.length })}
    style=${styleMap({ "max-width": `${width}px`, "min-width": `${Math.min(width, Math.max(300, width * 0.6))}px` })}
  >
    ${repeat(
      edges,
      ({ name }) => name,
      ({ x1, y1, x2, y2 }) => svg`<line class="edge" x1=${x1} y1=${y1} x2=${x2} y2=${y2}></line>`,
    )}
    ${turned && rotation ? svg`<path class="turn" d=${rotationPath(turned, rotation.side)}></path>` : nothing}
    ${repeat(
      nodes,
      ({ node }) => node.key,
      (placed) => nodeView(placed, look, part(placed.node.key), rotation?.key === placed.node.key),
    )}
  </svg>`;
}

function nodeView<N extends SearchNode>(
  { node, x, y, half }: PlacedNode<N>,
  { kind, corner, below }: Look<N>,
  part: string | null,
  isTurned: boolean,
): TemplateResult<2> {
  const place = styleMap({ transform: `translate(${x}px, ${y}px)` });
  return svg`<g class="node ${kind(node)} ${part === null ? "" : "named"}" style=${place}>
    <rect x=${-half} y=${-RADIUS} width=${2 * half} height=${2 * RADIUS} rx=${corner(node)}></rect>
    <text class="key" y=${below ? 1 : 5}>${minus(node.key)}</text>
    ${below ? svg`<text class="below" y="12">${below(node)}</text>` : nothing}
    ${part === null ? nothing : svg`<text class="part" y=${isTurned ? -half - 16 : -RADIUS - 8}>${part}</text>`}
  </g>`;
}
