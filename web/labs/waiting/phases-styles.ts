import { css } from "lit";

/** The drawing of the two phases. */
export const phasesStyles = css`
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 18px;
    margin: 0 0 14px;
    padding: 0;
    list-style: none;
    font-size: 13px;
    color: var(--iop-quiet);
  }
  .legend li {
    display: inline-flex;
    gap: 6px;
    align-items: center;
  }
  svg {
    display: block;
    overflow: visible;
  }
  .clock {
    position: sticky;
    top: -1px;
    z-index: 1;
    border-bottom: 1px solid var(--iop-rule);
    background: var(--iop-paper);
  }
  .clock path {
    stroke: var(--iop-line);
  }
  text {
    fill: var(--iop-quiet);
    font: 11px var(--iop-font);
  }
  section {
    padding: 10px 0 8px;
    border-bottom: 1px solid var(--iop-rule);
  }
  section header {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 14px;
    align-items: baseline;
    margin-bottom: 6px;
  }
  section header a {
    margin-inline-start: auto;
  }
  .program {
    fill: var(--iop-task);
  }
  .kernel {
    fill: var(--iop-file);
  }
  .sleeping {
    fill: var(--iop-line);
  }
  .runnable {
    fill: none;
    stroke: var(--iop-file);
    stroke-dasharray: 3 2;
  }
  .interrupt {
    fill: var(--iop-eventpoll);
  }
  .first {
    fill: var(--iop-page);
    opacity: 0.45;
  }
  .second {
    fill: var(--iop-copy);
  }
  .third {
    fill: none;
    stroke: var(--iop-line);
  }
  text.call {
    font: 10px var(--iop-mono);
    fill: var(--iop-rb-ink);
    pointer-events: none;
  }
  text.call.sleeping {
    fill: var(--iop-quiet);
  }
  text.sign {
    font-weight: 700;
    font-size: 10px;
    fill: var(--iop-ink);
  }
  text.s2 {
    fill: var(--iop-rb-ink);
  }
  .sample text {
    text-anchor: middle;
  }
`;
