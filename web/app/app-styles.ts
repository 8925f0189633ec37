import { css } from "lit";

/** The shell fills the window; the page inside of it has the rest of the height. */
export const appStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    height: 100dvh;
    background: var(--iop-paper);
  }
  .page {
    display: contents;
  }
  .page > * {
    flex: 1;
    min-height: 0;
  }
  .loading {
    padding: 24px;
  }
  .framed {
    padding: 6px 20px;
    border-bottom: 1px solid var(--iop-rule);
    font-size: 13px;
    text-align: end;
  }
  .drop {
    position: fixed;
    inset: 10px;
    z-index: 10;
    display: grid;
    place-items: center;
    border: 3px dashed var(--iop-focus);
    border-radius: 16px;
    background: color-mix(in srgb, var(--iop-paper) 85%, transparent);
    font-size: 22px;
    pointer-events: none;
  }
`;
