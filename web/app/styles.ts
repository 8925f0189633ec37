import { css } from "lit";

/** What buttons, lists and headings of all elements have in common. */
export const shared = css`
  :host {
    display: block;
    min-width: 0;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host([hidden]) {
    display: none;
  }
  h2,
  h3 {
    margin: 0;
    font-size: 11px;
    font-weight: 650;
    letter-spacing: 0.06em;
    text-transform: uppercase;
    color: var(--iop-quiet);
  }
  button,
  select,
  input[type="search"],
  .button {
    font: inherit;
    color: inherit;
    min-height: 34px;
    padding: 4px 11px;
    border: 1px solid var(--iop-line);
    border-radius: 7px;
    background: var(--iop-raised);
    cursor: pointer;
  }
  .button {
    display: inline-flex;
    align-items: center;
    white-space: nowrap;
  }
  input[type="search"] {
    cursor: text;
  }
  button:hover:not(:disabled),
  .button:hover {
    border-color: var(--iop-ink);
  }
  button:disabled {
    cursor: default;
    opacity: 0.45;
  }
  button[aria-pressed="true"] {
    border-color: var(--iop-focus);
    box-shadow: inset 0 0 0 1px var(--iop-focus);
    font-weight: 600;
  }
  button.plain {
    border-color: transparent;
    background: none;
  }
  button.plain:hover {
    border-color: var(--iop-line);
  }
  :focus-visible {
    outline: 2.5px solid var(--iop-focus);
    outline-offset: 2px;
  }
  .mono {
    font-family: var(--iop-mono);
    font-size: 12px;
  }
  .quiet {
    color: var(--iop-quiet);
  }
  .hidden-text {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
