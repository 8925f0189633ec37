import { css } from "lit";

/** How two machines stand side by side; below each other where there is no room. */
export const compareStyles = css`
  :host {
    display: flex;
    flex-direction: column;
  }
  main {
    flex: 1;
    min-height: 0;
    overflow: auto;
  }
  .loading {
    padding: 24px;
  }
  .sides {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
  }
  section {
    padding: 10px 14px;
    border-top: 3px solid transparent;
  }
  section + section {
    border-left: 1px solid var(--iop-rule);
  }
  section.moved {
    border-top-color: var(--iop-changed);
  }
  h2 {
    color: var(--iop-ink);
    font-size: 15px;
    letter-spacing: 0;
    line-height: 1.35;
    text-transform: none;
  }
  h2 a {
    color: inherit;
    text-decoration-color: var(--iop-line);
    text-underline-offset: 3px;
  }
  .side {
    display: inline-block;
    margin-right: 4px;
    padding: 0 8px;
    border: 1px solid var(--iop-line);
    border-radius: 9px;
    font-size: 11.5px;
    font-weight: 600;
  }
  .sentence {
    min-height: 2.8em;
    margin: 6px 0 8px;
    line-height: 1.4;
  }
  .moved .sentence {
    color: var(--iop-ink);
  }
  section:not(.moved) .sentence {
    color: var(--iop-quiet);
  }
  .fork {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 12px;
    align-items: center;
    margin: 0;
    padding: 8px 14px;
    border-block: 1px solid var(--iop-rule);
  }
  table {
    margin: 12px 14px 20px;
    border-spacing: 0;
    font-variant-numeric: tabular-nums;
  }
  caption {
    padding-bottom: 6px;
    color: var(--iop-quiet);
    font-size: 11px;
    font-weight: 650;
    letter-spacing: 0.06em;
    text-align: start;
    text-transform: uppercase;
  }
  th {
    font-weight: 400;
    text-align: start;
  }
  thead th {
    color: var(--iop-quiet);
    font-size: 12px;
    text-align: end;
  }
  td {
    font-family: var(--iop-mono);
    font-size: 12.5px;
    text-align: end;
  }
  :is(td, th) {
    padding: 2px 0 2px 28px;
  }
  :is(td, th):first-child {
    padding-left: 0;
  }
  .differs td {
    color: var(--iop-changed-ink);
    font-weight: 700;
  }
  .differs th::after {
    content: " ≠";
    color: var(--iop-changed-ink);
    font-weight: 700;
  }
  @media (max-width: 819px) {
    .sides {
      grid-template-columns: 1fr;
    }
    section + section {
      border-top: 1px solid var(--iop-rule);
      border-left: 0;
    }
  }
`;
