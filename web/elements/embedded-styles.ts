import { css, unsafeCSS } from "lit";
import tokens from "../tokens.css?raw";

/** The playground's tokens as the element's own: a page may set each of them on the element. */
const declarations = unsafeCSS(/^:root \{([^}]*)\}/m.exec(tokens)?.[1] ?? "");

/** How an embedded stage looks, whatever the page around it does. */
export const embeddedStyles = css`
  :host {
    ${declarations}
    display: block;
    min-width: 0;
    border: 1px solid var(--iop-rule);
    border-radius: 12px;
    background: var(--iop-paper);
    overflow: hidden;
  }
  /* What a page says of all its elements is inherited from the host: it ends here. */
  .frame {
    all: initial;
    display: block;
    color-scheme: inherit;
    background: var(--iop-paper);
    color: var(--iop-ink);
    font: 400 14px/1.45 var(--iop-font);
  }
  :host([hidden]) {
    display: none;
  }
  :host([theme="light"]) {
    color-scheme: light;
  }
  :host([theme="dark"]) {
    color-scheme: dark;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  .stage {
    min-height: 160px;
    padding: 8px 10px;
    overflow: auto;
  }
  .stage:focus-visible,
  button:focus-visible,
  input:focus-visible,
  a:focus-visible {
    outline: 2px solid var(--iop-focus);
    outline-offset: 2px;
  }
  .waiting,
  .error {
    margin: 0;
    padding: 48px 16px;
    text-align: center;
    color: var(--iop-quiet);
  }
  .error {
    color: var(--iop-bad);
    font-weight: 600;
  }
  .transport {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 12px;
    align-items: center;
    padding: 8px 12px 10px;
    border-top: 1px solid var(--iop-rule);
  }
  .sentence {
    flex: 1 0 100%;
    min-height: 2.7em;
    margin: 0;
    font-size: 15.5px;
    line-height: 1.35;
    text-wrap: pretty;
  }
  .buttons {
    display: flex;
    gap: 4px;
  }
  button {
    display: grid;
    place-items: center;
    width: 36px;
    height: 32px;
    margin: 0;
    padding: 0;
    border: 1px solid var(--iop-line);
    border-radius: 8px;
    background: var(--iop-raised);
    color: inherit;
    font: inherit;
    cursor: pointer;
  }
  button:disabled {
    border-color: var(--iop-rule);
    color: var(--iop-quiet);
    opacity: 0.55;
    cursor: default;
  }
  button svg {
    width: 18px;
    fill: currentColor;
    stroke: currentColor;
    stroke-width: 1.8;
    stroke-linejoin: round;
  }
  input {
    flex: 1 1 120px;
    min-width: 80px;
    accent-color: var(--iop-focus);
  }
  .position {
    font: 12px var(--iop-mono);
    font-variant-numeric: tabular-nums;
    color: var(--iop-quiet);
    white-space: nowrap;
  }
  a {
    color: var(--iop-focus);
  }
  @media (prefers-reduced-motion: reduce) {
    :host {
      --iop-step: 0ms;
    }
  }
`;
