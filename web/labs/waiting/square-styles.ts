import { css } from "lit";

/** The square, and the evidence beside it. */
export const squareStyles = css`
  .both {
    display: grid;
    grid-template-columns: minmax(0, 3fr) minmax(280px, 2fr);
    gap: 20px;
    align-items: start;
  }
  .square {
    width: 100%;
    table-layout: fixed;
    border-collapse: separate;
    border-spacing: 8px;
    margin: 0 -8px;
    font-size: 14px;
  }
  .square th,
  .square td {
    padding: 0;
    border: 0;
    text-align: start;
    white-space: normal;
    color: inherit;
  }
  .square thead td,
  .square th[scope="row"] {
    width: 132px;
  }
  .square th b {
    display: block;
    font-size: 15px;
  }
  .square th span {
    color: var(--iop-quiet);
    font-size: 12px;
    font-weight: 400;
  }
  .square tbody td {
    height: 150px;
    padding: 12px;
    border: 1px solid var(--iop-rule);
    border-radius: 10px;
    background: var(--iop-raised);
    vertical-align: top;
  }
  .field {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  .stone {
    display: inline-block;
    min-height: 32px;
    padding: 4px 11px;
    border: 1.5px solid var(--iop-task);
    border-radius: 99px;
    background: var(--iop-user);
    font-size: 13px;
  }
  .stone.idle {
    border-style: dashed;
    background: none;
  }
  .key {
    display: grid;
    gap: 6px;
    margin: 8px 0 0;
    padding: 0;
    list-style: none;
  }
  .key .stone {
    min-height: 0;
    padding: 0 9px;
    margin-inline-end: 4px;
  }
  .evidence ol {
    margin: 0 0 14px;
    padding-inline-start: 20px;
    font-size: 13.5px;
  }
  .evidence li + li {
    margin-top: 8px;
  }
  .links {
    white-space: nowrap;
  }
  section {
    margin-top: 24px;
  }
  .debate {
    display: grid;
    gap: 10px;
    max-width: 86ch;
    margin-top: 8px;
  }
  @media (max-width: 900px) {
    .both {
      grid-template-columns: minmax(0, 1fr);
    }
    .square thead td,
    .square th[scope="row"] {
      width: 98px;
    }
    .square {
      border-spacing: 4px;
      margin: 0 -4px;
    }
    .square th b {
      font-size: 12px;
    }
    .square tbody td {
      padding: 8px;
    }
    .stone {
      padding: 4px 8px;
    }
  }
`;
