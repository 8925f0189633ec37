import { type TemplateResult, html, svg } from "lit";
import { type RingFrame, WatchedRing } from "../../../../lib/structures/watched.ts";
import type { Plaything } from "../plaything.ts";
import type { T } from "../texts.ts";
import { CAPACITY, type RingStep, ringStory } from "./story.ts";

/** Sizes of the drawing. Unit: px. */
const [SIZE, RADIUS, CELL, OUTSIDE] = [360, 104, 25, 152];

/** Where a place of the ring is, so far from its middle: place 0 at the top, the others clockwise. */
function at(place: number, radius: number): { x: number; y: number } {
  const angle = (place / CAPACITY) * 2 * Math.PI - Math.PI / 2;
  return { x: Math.round(SIZE / 2 + radius * Math.cos(angle)), y: Math.round(SIZE / 2 + radius * Math.sin(angle)) };
}

function isFilled({ in: written, out }: RingFrame, place: number): boolean {
  return (place - (out % CAPACITY) + CAPACITY) % CAPACITY < written - out;
}

function drawing({ frame, named }: RingStep, t: T): TemplateResult {
  const [into, out] = [frame.in % CAPACITY, frame.out % CAPACITY];
  const marks =
    into === out
      ? [{ place: into, text: "in, out" }]
      : [
          { place: into, text: "in" },
          { place: out, text: "out" },
        ];
  return html`<svg
    class="tree"
    viewBox="0 0 ${SIZE} ${SIZE}"
    role="img"
    aria-label=${t("drawing_ring", { filled: frame.in - frame.out, capacity: CAPACITY })}
    style="max-width: ${SIZE}px"
  >
    <circle class="round" cx=${SIZE / 2} cy=${SIZE / 2} r=${RADIUS}></circle>
    ${frame.bytes.map((byte, place) => {
      const { x, y } = at(place, RADIUS);
      const inner = at(place, RADIUS - CELL - 15);
      const filled = isFilled(frame, place);
      return svg`<g class="node cell ${filled ? "filled" : "free"} ${named.has(place) ? "named" : ""}">
        <rect x=${x - CELL} y=${y - CELL} width=${2 * CELL} height=${2 * CELL} rx=${filled ? 7 : CELL}></rect>
        <text class="value" x=${x} y=${y + 5}>${filled ? byte : ""}</text>
        <text class="address" x=${inner.x} y=${inner.y + 4}>${place}</text>
      </g>`;
    })}
    ${marks.map(({ place, text }) => {
      const { x, y } = at(place, OUTSIDE);
      return svg`<text class="mark" x=${x} y=${y + 5}>${text}</text>`;
    })}
    <text class="count" x=${SIZE / 2} y=${SIZE / 2 - 5}>in ${frame.in}</text>
    <text class="count" x=${SIZE / 2} y=${SIZE / 2 + 17}>out ${frame.out}</text>
  </svg>`;
}

function table(frame: RingFrame, t: T): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${t("place")}</th>
        <th scope="col">${t("byte")}</th>
        <th scope="col">${t("filled")}</th>
      </tr>
    </thead>
    <tbody>
      ${frame.bytes.map(
        (byte, place) =>
          html`<tr>
            <th scope="row">${place}</th>
            <td>${byte}</td>
            <td>${t(isFilled(frame, place) ? "yes" : "no")}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** A ring as the kernel's kfifo. */
export const ring: Plaything = {
  id: "ring",
  title: "title_ring",
  short: "title_ring_short",
  lead: "lead_ring",
  keys: "bytes",
  hint: "bytes_hint",
  actions: [
    { do: "insert", label: "write" },
    { do: "delete", label: "read" },
  ],
  examples: [["example_wrap", "6.x4.5.x2.9.x8"]],
  hasRules: false,
  legend: "legend_ring",
  bearable: (operations) => operations.filter(({ do: what }) => what === "insert" || what === "delete"),
  present: () => new Set([0]),
  below: 6,
  load: async () => {
    const newRing = await WatchedRing.load();
    return (operations) =>
      ringStory(newRing(CAPACITY), operations).map((step) => ({
        operation: step.operation,
        sentences: step.sentences,
        rule: null,
        data: step.frame,
        draw: (t) => drawing(step, t),
        table: (t) => table(step.frame, t),
      }));
  },
};
