import { type TemplateResult, html, nothing, svg } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";
import { type ListFrame, WatchedList } from "../../../../lib/structures/watched.ts";
import { type Plaything, bearing, presentIn } from "../plaything.ts";
import { type T, minus } from "../texts.ts";
import { type ListStep, listStory } from "./story.ts";

/** More nodes than this make a long row. */
const MOST_NODES = 24;
/** Sizes of the drawing. Unit: px. */
const [WIDTH, HEIGHT, GAP, MARGIN, TOP] = [62, 46, 34, 26, 56];
/** How far the arrows are from the middle of a node. Unit: px. */
const APART = 9;
/** How far below the nodes the arrows lead that close the circle. Unit: px. */
const BELOW = 34;

const hex = (address: number) => `0x${address.toString(16)}`;

function left(place: number): number {
  return MARGIN + place * (WIDTH + GAP);
}

function drawing({ frame, named }: ListStep, t: T): TemplateResult {
  const { head, nodes } = frame;
  const boxes = [
    { name: "head", text: t("list_head"), address: head.address },
    ...nodes.map(({ value, address }) => ({ name: String(value), text: minus(value), address })),
  ];
  const [width, height] = [Math.max(300, left(boxes.length) - GAP + MARGIN), TOP + HEIGHT + BELOW + 30];
  const last = left(boxes.length - 1) + WIDTH;
  const [y, floor] = [TOP + HEIGHT / 2, TOP + HEIGHT + BELOW];
  return html`<svg
    class="tree"
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-label=${t("drawing_list", { keys: nodes.length })}
    style=${styleMap({ "max-width": `${width}px`, "min-width": `${Math.min(width, Math.max(300, width * 0.8))}px` })}
  >
    ${boxes.slice(1).map((_, i) => {
      const [from, to] = [left(i) + WIDTH, left(i + 1)];
      return svg`<path class="next" d="M ${from} ${y - APART} L ${to - 3} ${y - APART} m -6 -4 l 6 4 l -6 4"></path>
        <path class="prev" d="M ${to} ${y + APART} H ${from + 3}"></path>
        <path class="tip" d="M ${from + 9} ${y + APART - 4} l -6 4 l 6 4"></path>`;
    })}
    ${
      nodes.length > 0
        ? svg`<path class="next" d="M ${last} ${y - APART} h 10 V ${floor} H ${left(0) - 12} V ${y - APART} H ${left(0) - 3} m -6 -4 l 6 4 l -6 4"></path>
          <path class="prev" d="M ${left(0)} ${y + APART} h -7 V ${floor - 7} H ${last + 5} V ${y + APART}"></path>
          <path class="tip" d="M ${last + 8} ${y + APART - 4} l -6 4 l 6 4"></path>`
        : nothing
    }
    ${repeat(
      boxes,
      ({ name }) => name,
      ({ name, text, address }, i) => svg`<g
        class="node box ${name === "head" ? "head" : ""} ${named.has(Number(name)) ? "named" : ""}"
        style=${styleMap({ transform: `translate(${left(i)}px, ${TOP}px)` })}
      >
        <rect width=${WIDTH} height=${HEIGHT} rx="7"></rect>
        <text class="value" x=${WIDTH / 2} y="22">${text}</text>
        <text class="address" x=${WIDTH / 2} y="38">${hex(address)}</text>
      </g>`,
    )}
  </svg>`;
}

function table({ head, nodes }: ListFrame, t: T): TemplateResult {
  const rows = [{ ...head, text: t("list_head") }, ...nodes.map((node) => ({ ...node, text: minus(node.value) }))];
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${t("key")}</th>
        <th scope="col">${t("address")}</th>
        <th scope="col">next</th>
        <th scope="col">prev</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ text, address, next, prev }) =>
          html`<tr>
            <th scope="row">${text}</th>
            <td>${hex(address)}</td>
            <td>${hex(next)}</td>
            <td>${hex(prev)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** The kernel's doubly linked list. */
export const list: Plaything = {
  id: "list",
  title: "title_list",
  short: "title_list_short",
  lead: "lead_list",
  keys: "keys",
  hint: "keys_hint",
  actions: [
    { do: "insert", label: "push" },
    { do: "unshift", label: "unshift" },
    { do: "move", label: "move" },
    { do: "delete", label: "delete" },
  ],
  examples: [["example_lru", "f1.f2.f3.f4.m2.m1.f5.x3"]],
  hasRules: false,
  legend: "legend_list",
  bearable: bearing(MOST_NODES, new Set(["insert", "unshift", "move", "delete"])),
  present: presentIn,
  below: 100,
  load: async () => {
    const newList = await WatchedList.load();
    return (operations) =>
      listStory(newList(), operations).map((step) => ({
        operation: step.operation,
        sentences: step.sentences,
        rule: null,
        data: { keys: step.frame.nodes.map(({ value }) => value), ...step.frame },
        draw: (t) => drawing(step, t),
        table: (t) => table(step.frame, t),
      }));
  },
};
