import { css } from "lit";

/** How a question looks. */
export const questionStyles = css`
  section {
    padding: 0 0 12px;
    border-bottom: 1px solid var(--iop-rule);
  }
  h3 {
    margin: 6px 0 4px;
    color: var(--iop-ink);
    font-size: 17px;
    letter-spacing: 0;
    line-height: 1.35;
    text-transform: none;
    text-wrap: balance;
  }
  p {
    margin: 4px 0 8px;
  }
  .hint,
  .stamp {
    font-size: 12.5px;
  }
  .guesses {
    display: grid;
    gap: 6px;
    margin: 0 0 10px;
  }
  button.guess {
    display: grid;
    grid-template-columns: 16px 1fr;
    gap: 6px;
    width: 100%;
    padding: 7px 10px 7px 8px;
    line-height: 1.35;
    text-align: start;
  }
  button.guess:disabled {
    opacity: 1;
  }
  .mark {
    display: inline-block;
    width: 14px;
    height: 14px;
    margin-top: 2px;
    border: 1.5px solid var(--iop-line);
    border-radius: 50%;
    font: 700 14px/13px var(--iop-font);
    text-align: center;
  }
  [aria-pressed="true"] .mark {
    border: 4.5px solid var(--iop-focus);
  }
  .right .mark,
  .wrong .mark {
    border: 0;
    color: var(--iop-bad);
  }
  .right {
    border-color: var(--iop-good);
  }
  .right .mark {
    color: var(--iop-good);
  }
  .wrong {
    color: var(--iop-quiet);
    font-weight: 400;
  }
  .myth {
    padding: 0 7px;
    border: 1.5px solid var(--iop-bad);
    border-radius: 9px;
    color: var(--iop-bad);
    font-size: 11.5px;
    font-weight: 650;
    white-space: nowrap;
  }
  .answer {
    margin-bottom: 10px;
    border-color: var(--iop-focus);
    font-weight: 600;
  }
  summary {
    width: fit-content;
    padding: 3px 2px;
    border-radius: 4px;
    font-weight: 650;
    cursor: pointer;
  }
  .said {
    font-weight: 600;
  }
  table {
    width: 100%;
    border-spacing: 0;
    font: 12px/1.6 var(--iop-mono);
  }
  caption {
    color: var(--iop-quiet);
    font-family: var(--iop-font);
    text-align: start;
  }
  th {
    padding: 0 12px 0 0;
    color: var(--iop-quiet);
    font-weight: 400;
    text-align: start;
  }
  td {
    font-weight: 650;
    text-align: end;
  }
  .stamp {
    margin: 8px 0 0;
    color: var(--iop-good);
  }
  .stamp::before {
    content: "✓ ";
  }
`;
