import { css } from "lit";

/** How the inspector looks. */
export const inspectorStyles = css`
  input[type="search"] {
    width: 100%;
    margin-top: 8px;
  }
  .results {
    max-height: 220px;
    margin: 4px 0 10px;
    padding: 0;
    overflow: auto;
    list-style: none;
  }
  .results button {
    display: flex;
    flex-wrap: wrap;
    gap: 0 8px;
    width: 100%;
    padding: 4px 8px;
    border: 0;
    border-radius: 4px;
    background: none;
    text-align: left;
  }
  .results button:hover {
    background: color-mix(in srgb, var(--iop-ink) 8%, transparent);
  }
  .back {
    padding-left: 0;
    text-align: left;
  }
  .title {
    margin-top: 12px;
    font-size: 15px;
    letter-spacing: 0;
    text-transform: none;
    color: var(--iop-ink);
    overflow-wrap: anywhere;
  }
  .where {
    margin: 2px 0 6px;
    color: var(--iop-quiet);
  }
  .doc {
    margin: 0 0 4px;
    font-size: 13px;
  }
  .raw {
    min-height: 28px;
    margin: 6px 0;
    padding: 2px 9px;
    font-size: 12.5px;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    table-layout: fixed;
  }
  tbody th {
    width: 58%;
  }
  tbody th,
  tbody td {
    padding: 3px 6px;
    vertical-align: top;
    text-align: left;
    font-weight: 400;
    overflow-wrap: anywhere;
  }
  tbody tr:not(.more) > * {
    padding-top: 6px;
    border-top: 1px solid var(--iop-rule);
  }
  tbody tr:not(.more) td {
    text-align: right;
  }
  .more td {
    padding-top: 0;
    font-size: 12px;
    line-height: 1.35;
  }
  .bytes {
    display: block;
    font-size: 11.5px;
  }
  code {
    font: 12px var(--iop-mono);
  }
  .changed {
    background: var(--iop-changed-fill);
  }
  .changed .quiet {
    color: var(--iop-ink);
  }
  .mark {
    display: block;
    font-size: 11px;
  }
  .pointer {
    min-height: 24px;
    padding: 0 6px;
    border-radius: 5px;
    color: var(--iop-focus);
    font-family: var(--iop-mono);
  }
`;
