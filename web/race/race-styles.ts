import { css } from "lit";
import { fieldStyles } from "../app/field-styles.ts";
import { labStyles } from "../labs/lab-styles.ts";

/** What the parts of the race have in common. */
export const raceStyles = [
  labStyles,
  fieldStyles,
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
    details > summary {
      color: var(--iop-quiet);
      cursor: pointer;
    }
    details > summary:hover {
      color: var(--iop-ink);
    }
  `,
];
