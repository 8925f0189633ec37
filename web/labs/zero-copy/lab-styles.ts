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
    margin: 0 0 10px;
    max-width: 72ch;
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
    padding: 4px 12px 4px 0;
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
  progress {
    width: 180px;
    accent-color: var(--iop-focus);
  }
`;
