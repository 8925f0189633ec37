import { css } from "lit";

/** How charts look: few lines, numbers in one column. */
export const chartStyles = css`
  figure {
    margin: 0;
  }
  figcaption {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 18px;
    align-items: baseline;
    padding-bottom: 4px;
  }
  h3 {
    font-size: 14px;
    letter-spacing: 0;
    text-transform: none;
    color: inherit;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 14px;
    margin: 0;
    padding: 0;
    font-size: 12px;
    list-style: none;
  }
  .sample {
    vertical-align: -2px;
    fill: none;
  }
  .drawing {
    position: relative;
    border-radius: 8px;
  }
  svg {
    display: block;
    max-width: 100%;
    overflow: visible;
  }
  .legend svg,
  .reading svg {
    display: inline-block;
  }
  text {
    font: 11px var(--iop-mono);
    fill: var(--iop-quiet);
  }
  text.title {
    font-family: var(--iop-font);
    fill: var(--iop-ink);
  }
  .grid {
    stroke: var(--iop-rule);
  }
  .base,
  .tick {
    stroke: var(--iop-line);
  }
  .line {
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linejoin: round;
  }
  .interval {
    stroke: currentColor;
    stroke-width: 1.5;
  }
  .point {
    fill: currentColor;
    stroke: var(--iop-paper);
  }
  .cursor {
    stroke: var(--iop-ink);
    stroke-dasharray: 3 3;
  }
  .reading {
    position: absolute;
    top: 10px;
    padding: 6px 10px;
    border: 1px solid var(--iop-line);
    border-radius: 8px;
    background: var(--iop-raised);
    font-size: 12px;
    pointer-events: none;
  }
  .reading[hidden] {
    display: none;
  }
  .reading.left {
    left: 72px;
  }
  .reading.right {
    right: 18px;
  }
  .reading ul {
    margin: 3px 0 0;
    padding: 0;
    list-style: none;
  }
  details {
    margin-top: 6px;
  }
  summary {
    color: var(--iop-quiet);
    cursor: pointer;
  }
  th,
  td {
    white-space: nowrap;
  }
`;
