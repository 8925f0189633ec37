import { css } from "lit";
import { labStyles } from "../labs/lab-styles.ts";

/** What the parts of the race have in common. */
export const raceStyles = [
  labStyles,
  css`
    h2 {
      margin: 0 0 8px;
      font-size: 20px;
      letter-spacing: -0.01em;
    }
    a {
      color: var(--iop-focus);
    }
    .chips {
      display: flex;
      flex-wrap: wrap;
      gap: 6px;
      align-items: center;
    }
    .line {
      display: flex;
      flex-wrap: wrap;
      gap: 8px 14px;
      align-items: center;
    }
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
    details > summary {
      color: var(--iop-quiet);
      cursor: pointer;
    }
    details > summary:hover {
      color: var(--iop-ink);
    }
  `,
];
