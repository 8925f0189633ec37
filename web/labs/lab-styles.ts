import { css } from "lit";
import { tableStyles } from "../app/table-styles.ts";

/** What labs whose parts are shown one at a time have in common. */
export const labStyles = [
  tableStyles,
  css`
    h2,
    h3 {
      margin: 0 0 4px;
      font-size: 15px;
      font-weight: 650;
      letter-spacing: 0;
      text-transform: none;
      color: inherit;
    }
    h3 {
      font-size: 13.5px;
    }
    p {
      margin: 0 0 10px;
      max-width: 74ch;
      text-wrap: pretty;
    }
    .hint {
      color: var(--iop-quiet);
      font-size: 13px;
    }
    .card {
      padding: 14px 16px;
      border: 1px solid var(--iop-rule);
      border-radius: 10px;
      background: var(--iop-raised);
    }
    .primary {
      border-color: var(--iop-focus);
      background: var(--iop-focus);
      color: var(--iop-rb-ink);
      font-weight: 650;
    }
    caption {
      padding-bottom: 6px;
      text-align: start;
      font-weight: 650;
      font-size: 15px;
    }
    th,
    td {
      white-space: nowrap;
    }
    thead th {
      font-size: 12px;
    }
    th[scope="row"],
    thead th:first-child {
      text-align: start;
    }
    progress {
      width: 180px;
      accent-color: var(--iop-focus);
    }
  `,
];

/** The links to the parts of a lab. */
export const partLinkStyles = css`
  nav {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
  }
  nav a {
    padding: 8px 12px;
    border-bottom: 3px solid transparent;
    color: var(--iop-quiet);
    text-decoration: none;
  }
  nav a:hover {
    color: var(--iop-ink);
  }
  nav a[aria-current] {
    border-bottom-color: var(--iop-focus);
    color: var(--iop-ink);
    font-weight: 650;
  }
`;
