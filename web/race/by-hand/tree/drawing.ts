import { type TemplateResult, html, nothing, svg } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";
import { type T, minus } from "../texts.ts";
import { type PlacedNode, RADIUS, rotationPath, treePicture } from "./picture.ts";
import type { Part, Step } from "./story.ts";

/** The tree of a step, with what the coming rule names. */
export function drawing({ frame, parts, rotation }: Step, t: T): TemplateResult {
  const { nodes, edges, width, height } = treePicture(frame);
  const turned = nodes.find(({ key }) => key === rotation?.key);
  return html`<svg
    class="tree"
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-label=${t("drawing", { keys: nodes.length })}
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
      ({ key }) => key,
      (node) => nodeView(node, parts.get(node.key), rotation?.key === node.key, t),
    )}
  </svg>`;
}

function nodeView(
  { key, red, x, y, half }: PlacedNode,
  part: Part | undefined,
  isTurned: boolean,
  t: T,
): TemplateResult<2> {
  const place = styleMap({ transform: `translate(${x}px, ${y}px)` });
  const corner = red ? 5 : RADIUS;
  return svg`<g class="node ${red ? "red" : "black"} ${part ? "named" : ""}" style=${place}>
    <rect x=${-half} y=${-RADIUS} width=${2 * half} height=${2 * RADIUS} rx=${corner}></rect>
    <text class="key" y="5">${minus(key)}</text>
    ${part ? svg`<text class="part" y=${isTurned ? -half - 16 : -RADIUS - 8}>${t(`part_${part}`)}</text>` : nothing}
  </g>`;
}
