import { css } from "lit";

/** How the race looks: lanes of one length, with what had arrived. */
export const raceStyles = css`
  fieldset {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 16px;
    margin: 0 0 12px;
    padding: 0;
    border: 0;
  }
  legend {
    padding: 0 0 2px;
    color: var(--iop-quiet);
    font-size: 12px;
  }
  fieldset label {
    display: inline-flex;
    gap: 6px;
    align-items: center;
    min-height: 30px;
  }
  .track {
    display: grid;
    gap: 10px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .track li {
    display: grid;
    grid-template-columns: 9.5em minmax(0, 1fr) 17em;
    gap: 12px;
    align-items: center;
  }
  .bar {
    display: block;
    height: 20px;
    border: 1px solid var(--iop-rule);
    border-radius: 5px;
    background: var(--iop-hardware);
    overflow: hidden;
  }
  .bar span {
    display: block;
    height: 100%;
    background: var(--iop-dma);
  }
  .there .bar span {
    background: var(--iop-socket);
  }
  .said {
    color: var(--iop-quiet);
    font-size: 13px;
    font-variant-numeric: tabular-nums;
  }
  .there .said {
    color: var(--iop-ink);
  }
  .place {
    display: inline-block;
    min-width: 1.9em;
    margin-right: 4px;
    border: 1.5px solid var(--iop-socket);
    border-radius: 1em;
    text-align: center;
  }
  .clock {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) 7em;
    gap: 14px;
    align-items: center;
    margin-top: 18px;
  }
  .clock input {
    width: 100%;
    accent-color: var(--iop-focus);
  }
  .clock output {
    text-align: end;
  }
  .table {
    margin-top: 16px;
  }
  @media (max-width: 760px) {
    .track li {
      grid-template-columns: minmax(0, 1fr) auto;
      gap: 2px 10px;
    }
    .bar {
      grid-row: 2;
      grid-column: 1 / -1;
    }
    .said {
      font-size: 12px;
    }
  }
`;
