import { css } from "lit";

/** How an exercise looks. */
export const exerciseStyles = css`
  :host {
    padding: 14px 0 6px;
  }
  h3 {
    margin: 0 0 10px;
    color: var(--iop-ink);
    font-size: 16px;
    letter-spacing: 0;
    line-height: 1.4;
    text-transform: none;
    text-wrap: pretty;
  }
  .choices {
    display: grid;
    gap: 7px;
  }
  button {
    display: grid;
    grid-template-columns: 16px 1fr;
    gap: 9px;
    width: 100%;
    padding: 8px 12px 8px 10px;
    font-size: 15px;
    line-height: 1.4;
    text-align: start;
  }
  .mark {
    width: 16px;
    height: 16px;
    margin-top: 2px;
    border: 1.5px solid var(--iop-line);
    border-radius: 50%;
    font: 700 15px/15px var(--iop-font);
    text-align: center;
  }
  .right button {
    border-color: var(--iop-good);
    box-shadow: inset 0 0 0 1px var(--iop-good);
  }
  .right .mark,
  .wrong .mark {
    border: 0;
    color: var(--iop-bad);
  }
  .right .mark,
  .right b {
    color: var(--iop-good);
  }
  .wrong b {
    color: var(--iop-bad);
  }
  .why {
    margin: 6px 0 4px 36px;
    font-size: 14.5px;
    line-height: 1.5;
  }
  .hint {
    min-height: 1.5em;
    margin: 6px 0 0;
    color: var(--iop-quiet);
    font-size: 13px;
  }
  code {
    font: 0.92em var(--iop-mono);
  }
`;
