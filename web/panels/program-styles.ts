import { css } from "lit";

/** How the program pane is divided: its buttons, what the program came to, and its text. */
export const programStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    gap: 8px;
  }
  .head {
    position: sticky;
    top: 0;
    z-index: 1;
    display: flex;
    flex-wrap: wrap;
    gap: 4px 8px;
    align-items: center;
    justify-content: space-between;
    background: var(--iop-paper);
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    align-items: center;
  }
  .buttons button {
    min-height: 28px;
    padding: 2px 10px;
    font-size: 13px;
  }
  button.run {
    border-color: var(--iop-focus);
    font-weight: 650;
  }
  .chip {
    padding: 0 6px;
    border: 1px solid var(--iop-changed);
    border-radius: 99px;
    color: var(--iop-changed-ink);
    letter-spacing: 0;
    text-transform: none;
  }
  iop-editor {
    flex: 1 1 auto;
    min-height: 260px;
  }
  .pending {
    margin: 0;
    font-size: 13px;
  }
  .wrong {
    margin: 0;
    padding: 6px 9px;
    border-left: 3px solid var(--iop-bad);
    background: color-mix(in srgb, var(--iop-bad) 8%, transparent);
    font-size: 13px;
    overflow-wrap: anywhere;
  }
  summary {
    font-size: 12px;
    cursor: pointer;
  }
  pre {
    max-height: 120px;
    margin: 4px 0 0;
    padding: 6px 8px;
    border-radius: 5px;
    background: var(--iop-raised);
    font: 12px/1.5 var(--iop-mono);
    white-space: pre-wrap;
    overflow: auto;
    overflow-wrap: anywhere;
  }
`;
