import { css } from "lit";
import { labStyles } from "../lab-styles.ts";

/** What the parts of the lab have in common. */
export const roadStyles = [
  labStyles,
  css`
    .controls {
      display: flex;
      flex-wrap: wrap;
      gap: 8px 16px;
      align-items: end;
      margin: 0 0 16px;
    }
    .controls label {
      display: grid;
      gap: 2px;
      color: var(--iop-quiet);
      font-size: 12px;
    }
    .controls select {
      color: var(--iop-ink);
      font-size: 14px;
      max-width: 100%;
    }
    @media (max-width: 760px) {
      .controls select {
        max-width: 44vw;
      }
    }
  `,
];
