import { css } from "lit";

/** What the parts of the lab have in common. */
export const labStyles = css`
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
    margin: 0 0 12px;
    max-width: 78ch;
    text-wrap: pretty;
  }
  .hint,
  li.hint {
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
  .scroll {
    overflow-x: auto;
  }
  table {
    border-collapse: collapse;
    font-size: 13px;
    font-variant-numeric: tabular-nums;
  }
  caption {
    padding-bottom: 6px;
    text-align: start;
    font-weight: 650;
    font-size: 15px;
  }
  th,
  td {
    padding: 5px 14px 5px 0;
    border-bottom: 1px solid var(--iop-rule);
    text-align: end;
    font-weight: 400;
    white-space: nowrap;
  }
  thead th {
    color: var(--iop-quiet);
    font-size: 12px;
    vertical-align: bottom;
  }
  th[scope="row"],
  thead th:first-child {
    text-align: start;
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
  progress {
    width: 180px;
    accent-color: var(--iop-focus);
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
`;
