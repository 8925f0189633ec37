import { css } from "lit";
import { tableStyles } from "../../app/table-styles.ts";

/** How the parts of the lab look: text in the middle, figures as wide as the page. */
export const partStyles = [
  tableStyles,
  css`
    :host {
      padding: 34px 0 8px;
      border-top: 1px solid var(--iop-rule);
    }
    h2 {
      margin: 0 0 6px;
      font-size: 20px;
      font-weight: 650;
      letter-spacing: -0.01em;
      text-transform: none;
      color: inherit;
    }
    h3 {
      margin: 26px 0 8px;
      font-size: 14px;
      letter-spacing: 0;
      text-transform: none;
      color: inherit;
    }
    p {
      max-width: 74ch;
      margin: 0 0 10px;
    }
    .fields {
      display: flex;
      flex-wrap: wrap;
      gap: 10px 12px;
      align-items: end;
      margin: 14px 0 18px;
    }
    label {
      display: flex;
      flex-direction: column;
      gap: 3px;
      min-width: 0;
      max-width: min(100%, 232px);
      font-size: 12px;
      color: var(--iop-quiet);
    }
    label select {
      max-width: 100%;
      font-size: 14px;
      color: var(--iop-ink);
    }
    .row {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
      align-items: center;
    }
    th:first-child {
      text-align: start;
      white-space: nowrap;
    }
    thead th {
      font-size: 12px;
    }
    tr[aria-current="true"] th[scope="row"] {
      font-weight: 650;
    }
    progress {
      width: 160px;
      accent-color: var(--iop-task);
    }
    .bad {
      color: var(--iop-bad);
    }
    ol {
      margin: 8px 0 0;
      padding: 0;
      list-style: none;
    }
    summary {
      color: var(--iop-quiet);
      cursor: pointer;
    }
    details {
      margin-top: 8px;
    }
  `,
];
