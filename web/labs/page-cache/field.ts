import { type TemplateResult, html } from "lit";
import { fire } from "../../app/events.ts";

/** A value that a list offers, and how it is written. */
export type Choice = readonly [value: string, text: string];

/** A list to choose from; what is chosen is said as `iop-choose`: which setting, and its value. */
export function field(
  name: string,
  label: string,
  chosen: string | number,
  choices: readonly Choice[],
): TemplateResult {
  return html`<label
    >${label}
    <select
      @change=${({ currentTarget }: Event) => {
        fire(currentTarget!, "iop-choose", { name, value: (currentTarget as HTMLSelectElement).value });
      }}
    >
      ${choices.map(([value, text]) => html`<option value=${value} .selected=${value === String(chosen)}>${text}</option>`)}
    </select></label
  >`;
}
