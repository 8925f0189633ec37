import { css } from "lit";
import { labStyles } from "../lab-styles.ts";

/** What the parts of the lab have in common. */
export const wayStyles = [
  labStyles,
  css`
    li.hint {
      color: var(--iop-quiet);
      font-size: 13px;
    }
    th[scope="row"] {
      font-weight: 600;
    }
    td.limit {
      text-align: start;
      color: var(--iop-quiet);
    }
    .bar {
      display: flex;
      flex-wrap: wrap;
      gap: 10px;
      align-items: center;
      min-height: 38px;
      margin: 0 0 12px;
    }
    .bar[hidden] {
      display: none;
    }
    details {
      margin-top: 10px;
    }
    summary {
      width: fit-content;
      padding: 4px 0;
      cursor: pointer;
      color: var(--iop-quiet);
      font-size: 13px;
    }
    a {
      color: inherit;
    }
    ul {
      margin: 0;
      padding-inline-start: 18px;
    }
  `,
];
