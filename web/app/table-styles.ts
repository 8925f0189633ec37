import { css } from "lit";

/** How tables of numbers look: few lines, numbers in one column, in a box of class `scroll` if they are wide. */
export const tableStyles = css`
  .scroll {
    overflow-x: auto;
  }
  table {
    border-collapse: collapse;
    font-size: 13px;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    padding: 4px 12px 4px 0;
    border-bottom: 1px solid var(--iop-rule);
    text-align: end;
    font-weight: 400;
  }
  thead th {
    color: var(--iop-quiet);
    vertical-align: bottom;
  }
`;
