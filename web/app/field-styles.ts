import { css } from "lit";

/** A setting with its name above it: `<label class="field">`. */
export const fieldStyles = css`
  label.field {
    display: grid;
    gap: 2px;
    color: var(--iop-quiet);
    font-size: 12px;
  }
  label.field :is(select, input) {
    min-height: 34px;
    max-width: 100%;
    padding: 4px 10px;
    border: 1px solid var(--iop-line);
    border-radius: 7px;
    background: var(--iop-raised);
    color: var(--iop-ink);
    font: inherit;
    font-size: 14px;
  }
`;
