import { css } from "lit";

/** How a change on the way looks. */
export const changeStyles = css`
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 580px) minmax(0, 1fr);
    gap: 16px;
    align-items: start;
  }
  iop-watch {
    height: max(520px, calc(100dvh - 360px));
    border: 1px solid var(--iop-rule);
    border-radius: 10px;
    overflow: hidden;
  }
  table {
    width: 100%;
  }
  td {
    padding: 3px 8px 3px 0;
    text-align: start;
  }
  thead th {
    text-align: start;
  }
  td button {
    width: 100%;
    min-height: 30px;
    padding: 2px 9px;
    text-align: start;
    font-size: 13px;
  }
  td .new b {
    color: var(--iop-copy);
  }
  .stages {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin: 0 0 10px;
    padding: 0;
    list-style: none;
  }
  .stages button[aria-current] {
    border-color: var(--iop-focus);
    box-shadow: inset 0 0 0 1px var(--iop-focus);
    font-weight: 600;
  }
  .stages li + li::before {
    content: "→";
    margin-right: 8px;
    color: var(--iop-quiet);
  }
  .got {
    padding: 2px 8px;
    border-radius: 5px;
    background: var(--iop-changed-fill);
    font: 14px var(--iop-mono);
  }
  @media (max-width: 1080px) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  @media (max-width: 760px) {
    .card {
      padding: 10px 12px;
    }
    iop-watch {
      height: 520px;
    }
  }
`;
