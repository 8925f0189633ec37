import { css } from "lit";

/** How the list of the chapters looks. */
export const learnStyles = css`
  :host {
    display: flex;
    flex-direction: column;
  }
  iop-chapter,
  .scroll {
    flex: 1;
    min-height: 0;
  }
  .scroll {
    overflow-y: auto;
  }
  .loading {
    padding: 24px;
  }
  main {
    max-width: 1180px;
    margin: 0 auto;
    padding: 32px 20px 56px;
  }
  h1 {
    margin: 0 0 12px;
    font-size: clamp(26px, 3vw, 34px);
    letter-spacing: -0.02em;
    line-height: 1.12;
  }
  .lead {
    max-width: 66ch;
    margin: 0 0 12px;
    font-size: 16px;
    line-height: 1.6;
    text-wrap: pretty;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 10px 14px;
    align-items: center;
    margin: 20px 0 26px;
  }
  .primary {
    padding: 8px 18px;
    border-radius: 8px;
    background: var(--iop-focus);
    color: var(--iop-rb-ink);
    font-weight: 650;
    text-decoration: none;
  }
  .primary:hover {
    text-decoration: underline;
  }
  .undo {
    text-decoration: underline;
  }
  ol {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 340px), 1fr));
    gap: 14px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li a {
    position: relative;
    display: grid;
    grid-template-columns: 30px 1fr;
    grid-template-rows: auto 1fr auto;
    gap: 2px 12px;
    height: 100%;
    padding: 16px 18px 18px 16px;
    overflow: hidden;
    border: 1px solid var(--iop-rule);
    border-radius: 10px;
    background: var(--iop-raised);
    color: inherit;
    text-decoration: none;
  }
  li a:hover {
    border-color: var(--iop-ink);
  }
  .number {
    grid-row: 1 / 4;
    width: 28px;
    height: 28px;
    border: 1.5px solid var(--iop-line);
    border-radius: 50%;
    font-size: 13.5px;
    font-weight: 650;
    line-height: 25px;
    text-align: center;
  }
  .done .number {
    border-color: var(--iop-good);
    color: var(--iop-good);
  }
  b {
    font-size: 18px;
    line-height: 28px;
  }
  .summary {
    line-height: 1.5;
  }
  .tally {
    margin-top: 8px;
    font-size: 12.5px;
  }
  .bar {
    position: absolute;
    inset: auto 0 0;
    height: 3px;
    background: linear-gradient(to right, var(--iop-focus) var(--share), transparent 0);
  }
  .done .bar {
    background: var(--iop-good);
  }
`;
