import { type TemplateResult, html, nothing, svg } from "lit";
import { ICONS } from "../../run/icons.ts";
import { type Operation, writeOperations } from "./operations.ts";
import type { Plaything } from "./plaything.ts";
import { type T, minus } from "./texts.ts";

/** A way through the pictures. */
export type Move = "first" | "previous" | "next" | "last";

/** Where the page stands. */
export interface Standing {
  readonly plaything: Plaything;
  /** Which picture is shown, and which is the last one. */
  readonly place: number;
  readonly last: number;
  readonly operations: readonly Operation[];
  /** What was undone, the last first. */
  readonly undone: readonly Operation[];
  /** Which operation the picture belongs to; -1: none. */
  readonly current: number;
  readonly rules: boolean;
}

/** What can be asked for. */
export interface Acts {
  readonly move: (move: Move) => void;
  /** To the beginning of an operation. */
  readonly go: (operation: number) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly clear: () => void;
  readonly rules: (rules: boolean) => void;
  /** Begins anew with these operations. */
  readonly example: (operations: string) => void;
}

const MOVES = [
  ["first", "first"],
  ["previous", "back"],
  ["next", "forward"],
  ["last", "last"],
] as const satisfies readonly (readonly [Move, keyof typeof ICONS])[];

/** The buttons that go through the pictures, and those that take back what was done. */
export function toolsView(
  { plaything, place, last, operations, undone, rules }: Standing,
  act: Acts,
  t: T,
): TemplateResult {
  const isOff = (move: Move) => (move === "first" || move === "previous" ? place <= 0 : place >= last);
  return html`<div class="tools">
    ${MOVES.map(
      ([move, icon]) =>
        html`<button
          class="icon"
          name=${move}
          aria-label=${t(move)}
          title=${t(move)}
          ?disabled=${isOff(move)}
          @click=${() => act.move(move)}
        >
          <svg viewBox="0 0 20 20" aria-hidden="true">${svg`<path d=${ICONS[icon]}></path>`}</svg>
        </button>`,
    )}
    <span class="where quiet">${t("step_of", { number: place + 1, all: Math.max(1, last + 1) })}</span>
    ${
      plaything.hasRules
        ? html`<label title=${t("at_once_hint")}
            ><input
              name="rules"
              type="checkbox"
              .checked=${rules}
              @change=${({ target }: Event) => act.rules((target as HTMLInputElement).checked)}
            />${t("at_once")}</label
          >`
        : nothing
    }
    <button class="push" name="undo" ?disabled=${operations.length === 0} @click=${act.undo}>${t("undo")}</button>
    <button name="redo" ?disabled=${undone.length === 0} @click=${act.redo}>${t("redo")}</button>
    <button name="clear" ?disabled=${operations.length === 0} @click=${act.clear}>${t("clear")}</button>
  </div>`;
}

/** What was done, and what was undone. */
export function historyView({ plaything, operations, undone, current }: Standing, act: Acts, t: T): TemplateResult {
  const text = ({ do: what, key }: Operation) => t(`did_${what}`, { key: minus(key) });
  return html`<section aria-labelledby="done">
    <h2 id="done">${t("done")}</h2>
    ${operations.length + undone.length === 0 ? html`<p class="quiet">${t("done_nothing")}</p>` : nothing}
    <ol class="done">
      ${operations.map(
        (one, i) =>
          html`<li>
            <button aria-current=${i === current ? "step" : "false"} @click=${() => act.go(i)}>${text(one)}</button>
          </li>`,
      )}
      ${undone.map((one) => html`<li><button class="undone" disabled>${text(one)}</button></li>`)}
    </ol>
    <p class="examples quiet">
      ${t("examples")}:
      ${plaything.examples.map(
        ([name, done]) =>
          html`<button
            class="plain"
            name="example"
            ?disabled=${writeOperations(operations) === done}
            @click=${() => act.example(done)}
          >
            ${t(name)}
          </button>`,
      )}
    </p>
  </section>`;
}
