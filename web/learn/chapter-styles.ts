import { css } from "lit";

/** How a chapter looks: text at the left and the stage beside it; in a narrow window, the stage above the text. */
export const chapterStyles = css`
  :host {
    position: relative;
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  .page {
    display: grid;
    grid-template-columns: clamp(380px, 33vw, 620px) minmax(0, 1fr);
    align-items: start;
  }
  .reading {
    grid-area: 1 / 1;
    padding: 26px 30px 48px 34px;
  }
  .beside {
    position: sticky;
    grid-area: 1 / 2;
    top: 0;
    display: flex;
    flex-direction: column;
    height: var(--iop-room, 80dvh);
    border-inline-start: 1px solid var(--iop-rule);
    background: var(--iop-paper);
  }
  nav {
    display: flex;
    gap: 8px;
    align-items: center;
    padding: 6px 14px;
    border-bottom: 1px solid var(--iop-rule);
  }
  nav .where {
    min-width: 4.5em;
    text-align: center;
  }
  nav .title {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    font-weight: 600;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  nav a {
    color: inherit;
    font-size: 13px;
    white-space: nowrap;
  }
  nav a:empty {
    display: none;
  }
  .icon {
    min-width: 34px;
    padding: 4px 8px;
  }
  iop-watch {
    --iop-transport-speed: none;
    --iop-watch-padding: 10px 12px;
    --iop-sentence-size: clamp(16px, 0.6vw + 11px, 22px);
    flex: 1;
  }
  .picture {
    flex: 1 1 62%;
    min-height: 0;
    padding: 10px 14px;
    overflow: auto;
    border-bottom: 1px solid var(--iop-rule);
  }
  iop-watch.below {
    --iop-stage-least: 0;
    flex: 1 1 38%;
    min-height: auto;
  }
  .number {
    margin: 0 0 2px;
    font-size: 13px;
  }
  .number a {
    color: inherit;
  }
  h1 {
    margin: 0 0 8px;
    font-size: 30px;
    letter-spacing: -0.015em;
    line-height: 1.15;
  }
  .summary {
    margin: 0 0 20px;
    font-size: 16px;
    line-height: 1.5;
    text-wrap: pretty;
  }
  .passage {
    position: relative;
    min-height: 46vh;
    padding: 18px 0 26px 34px;
    border-top: 1px solid var(--iop-rule);
    scroll-margin-top: 14px;
  }
  /* The focus is put here, and the number shows where one is. */
  .passage:focus {
    outline: none;
  }
  .place {
    position: absolute;
    inset: 20px auto auto 0;
    width: 23px;
    height: 23px;
    margin: 0;
    border: 1.5px solid var(--iop-line);
    border-radius: 50%;
    color: var(--iop-quiet);
    font-size: 12.5px;
    line-height: 20px;
    text-align: center;
  }
  .current .place {
    border-color: var(--iop-focus);
    background: var(--iop-focus);
    color: var(--iop-rb-ink);
    font-weight: 700;
  }
  h2 {
    margin: 0 0 8px;
    color: var(--iop-ink);
    font-size: 19px;
    letter-spacing: -0.005em;
    line-height: 1.3;
    text-transform: none;
    text-wrap: balance;
  }
  .exercises > h2 {
    font-size: 22px;
  }
  .text {
    margin: 0 0 12px;
    font-size: clamp(16px, 0.35vw + 11.5px, 20px);
    line-height: 1.62;
    text-wrap: pretty;
  }
  :host(:lang(zh)) .text {
    line-height: 1.75;
  }
  code {
    font: 0.9em var(--iop-mono);
    overflow-wrap: anywhere;
  }
  .correction {
    margin: 0 0 14px;
    padding: 9px 14px 10px;
    border-inline-start: 3px solid var(--iop-changed);
    border-radius: 0 8px 8px 0;
    background: var(--iop-raised);
    font-size: 15px;
    line-height: 1.55;
  }
  .correction p {
    margin: 0;
  }
  .correction p + p {
    margin-top: 6px;
  }
  .correction p:first-child {
    color: var(--iop-quiet);
  }
  .claims {
    width: 100%;
    border-collapse: collapse;
    font-size: 13.5px;
    line-height: 1.4;
  }
  caption {
    padding-bottom: 3px;
    color: var(--iop-quiet);
    font-size: 12.5px;
    text-align: start;
  }
  th {
    padding: 4px 12px 4px 0;
    border-top: 1px solid var(--iop-rule);
    font-weight: 400;
    text-align: start;
  }
  td {
    padding: 4px 0;
    border-top: 1px solid var(--iop-rule);
    font: 650 13px var(--iop-mono);
    text-align: end;
    vertical-align: top;
    white-space: nowrap;
  }
  td.long {
    white-space: normal;
    overflow-wrap: anywhere;
  }
  .exercises {
    padding: 26px 0 10px;
    border-top: 1px solid var(--iop-rule);
  }
  .foot {
    display: flex;
    flex-wrap: wrap;
    gap: 10px 16px;
    align-items: center;
    padding-top: 22px;
    border-top: 1px solid var(--iop-rule);
  }
  .foot a {
    color: inherit;
  }
  .foot .primary {
    padding: 8px 18px;
    border-radius: 8px;
    background: var(--iop-focus);
    color: var(--iop-rb-ink);
    font-weight: 650;
    text-decoration: none;
  }
  .foot .primary:hover {
    text-decoration: underline;
  }
  @media (max-width: 900px) {
    :host {
      --iop-beside: max(calc(var(--iop-room, 80dvh) * 0.54), 340px);
    }
    .page {
      display: block;
    }
    .beside {
      z-index: 1;
      height: var(--iop-beside);
      border: 0;
      border-bottom: 2px solid var(--iop-rule);
    }
    .reading {
      padding: 18px 16px 40px;
    }
    nav {
      gap: 6px;
      padding: 3px 10px;
    }
    nav .where {
      min-width: 3em;
      font-size: 13px;
    }
    nav a {
      padding: 6px 8px;
      font-size: 17px;
    }
    nav .words {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    iop-watch {
      --iop-stage-least: 110px;
      --iop-transport-more: none;
      --iop-watch-padding: 0;
      --iop-seek-basis: 90px;
      --iop-sentence-size: 15px;
    }
    .passage {
      min-height: 0;
      padding-inline-start: 30px;
      scroll-margin-top: calc(var(--iop-beside) + 4px);
    }
  }
`;
