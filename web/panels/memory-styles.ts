import { css } from "lit";

/** How the panel of memory looks. Each kind of frames has a colour and a pattern of its own. */
export const memoryStyles = css`
  summary {
    padding: 4px 0;
    cursor: pointer;
  }
  summary h2 {
    display: inline;
  }
  .bar {
    display: flex;
    height: 20px;
    margin: 8px 0;
    border: 1px solid var(--iop-line);
    border-radius: 5px;
    overflow: hidden;
  }
  .bar i,
  .key {
    background: var(--fill);
  }
  .bar i + i {
    border-left: 1px solid var(--iop-paper);
  }
  .key {
    display: inline-block;
    width: 12px;
    height: 12px;
    margin-right: 6px;
    border: 1px solid var(--iop-line);
    border-radius: 3px;
    vertical-align: -1px;
  }
  th:has(> .key) {
    padding-left: 22px;
    text-indent: -18px;
  }
  .free {
    --fill: var(--iop-raised);
  }
  .file {
    --fill: var(--iop-page);
  }
  .inactive {
    --fill: repeating-linear-gradient(45deg, var(--iop-page) 0 3px, var(--iop-raised) 3px 5px);
  }
  .unlisted {
    --fill: repeating-linear-gradient(90deg, var(--iop-page) 0 2px, var(--iop-raised) 2px 6px);
  }
  .slab {
    --fill: var(--iop-socket);
  }
  .user {
    --fill: var(--iop-task);
  }
  .tables {
    --fill: repeating-linear-gradient(135deg, var(--iop-task) 0 2px, var(--iop-raised) 2px 5px);
  }
  .reserved {
    --fill: repeating-linear-gradient(0deg, var(--iop-wait) 0 2px, var(--iop-raised) 2px 4px);
  }
  .other {
    --fill: var(--iop-wait);
  }
  table {
    width: 100%;
    margin: 4px 0 12px;
    border-collapse: collapse;
    font-size: 12px;
  }
  caption {
    padding: 4px 0;
    text-align: left;
    color: var(--iop-quiet);
  }
  th,
  td {
    padding: 2px 4px;
    border-top: 1px solid var(--iop-rule);
    text-align: right;
    font-weight: 400;
  }
  thead th {
    border-top: 0;
    color: var(--iop-quiet);
    font-size: 11px;
    vertical-align: bottom;
  }
  tr > :first-child {
    text-align: left;
    overflow-wrap: anywhere;
  }
  td {
    font-family: var(--iop-mono);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .size {
    display: block;
    font-size: 11px;
  }
  .changed .quiet {
    color: var(--iop-ink);
  }
  .changed {
    background: var(--iop-changed-fill);
  }
  .more {
    color: var(--iop-changed-ink);
    font-weight: 700;
  }
`;
