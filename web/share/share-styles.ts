import { css } from "lit";

/** How the dialog looks. */
export const shareStyles = css`
  dialog {
    width: min(640px, calc(100vw - 20px));
    max-height: calc(100dvh - 20px);
    padding: 18px 20px 16px;
    border: 1px solid var(--iop-line);
    border-radius: 12px;
    background: var(--iop-raised);
    color: var(--iop-ink);
    overflow: auto;
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 45%);
  }
  .top {
    display: flex;
    gap: 12px;
    align-items: center;
    justify-content: space-between;
    margin-bottom: 4px;
  }
  h2 {
    font-size: 18px;
    letter-spacing: normal;
    text-transform: none;
    color: var(--iop-ink);
  }
  h3 {
    margin: 16px 0 6px;
  }
  .line {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: flex-start;
  }
  input,
  textarea {
    flex: 1 1 260px;
    min-width: 0;
    min-height: 34px;
    padding: 7px 10px;
    border: 1px solid var(--iop-line);
    border-radius: 7px;
    background: var(--iop-paper);
    color: inherit;
    font: 12.5px/1.4 var(--iop-mono);
  }
  textarea {
    resize: vertical;
  }
  p {
    margin: 6px 0 0;
    font-size: 13px;
  }
  ul {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 260px), 1fr));
    gap: 8px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li button {
    display: block;
    width: 100%;
    height: 100%;
    padding: 8px 12px;
    align-content: start;
    text-align: start;
  }
  li b {
    display: block;
  }
  li span {
    font-size: 12.5px;
    line-height: 1.35;
  }
  .said {
    min-height: 1.4em;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .said.error {
    color: var(--iop-bad);
  }
`;
