import { css } from "lit";

/** A bar of buttons, the lanes with their labels at the left, and the table of what they do below. */
export const timelineStyles = css`
  :host {
    --label: 118px;
    display: flex;
    flex-direction: column;
    min-height: 0;
    container-type: inline-size;
  }
  .toolbar {
    position: relative;
    display: flex;
    flex-wrap: wrap;
    gap: 4px 6px;
    align-items: center;
    padding: 2px 0 6px;
  }
  .small {
    min-height: 26px;
    min-width: 28px;
    padding: 1px 8px;
    font-size: 12px;
  }
  .choices {
    display: flex;
  }
  .choices button {
    border-radius: 0;
  }
  .choices button:first-child {
    border-radius: 7px 0 0 7px;
  }
  .choices button:last-child {
    margin-left: -1px;
    border-radius: 0 7px 7px 0;
  }
  .note {
    font-size: 12px;
  }
  .range {
    padding: 0 4px;
  }
  .scroller {
    flex: 1;
    min-height: 90px;
    overflow: hidden auto;
    border: 1px solid var(--iop-rule);
    border-radius: 7px;
    background: var(--iop-paper);
  }
  .content {
    position: relative;
    min-height: 100%;
  }
  .corner {
    position: sticky;
    top: 0;
    z-index: 2;
    display: flex;
    align-items: flex-end;
    padding: 0 6px 1px;
    background: var(--iop-paper);
    color: var(--iop-quiet);
    font-size: 11px;
  }
  .plot {
    position: sticky;
    top: 0;
    margin-left: var(--label);
    cursor: crosshair;
    touch-action: pan-y;
    user-select: none;
  }
  .plot:focus-visible {
    outline-offset: -3px;
  }
  canvas {
    display: block;
    width: 100%;
    height: 100%;
  }
  .hint {
    position: absolute;
    z-index: 3;
    max-width: 250px;
    margin: 0;
    padding: 4px 8px;
    border: 1px solid var(--iop-line);
    border-radius: 6px;
    background: var(--iop-raised);
    font-size: 12px;
    pointer-events: none;
  }
  .labels {
    position: absolute;
    inset: 0 auto 0 0;
    width: var(--label);
    border-right: 1px solid var(--iop-rule);
  }
  .group,
  .row {
    position: absolute;
    left: 0;
    width: 100%;
    min-height: 0;
    padding: 0 6px;
    overflow: hidden;
    font-size: 12px;
    line-height: 16px;
    text-align: left;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .group {
    font-weight: 600;
  }
  button.group {
    padding: 0 4px;
    border: 0;
    border-radius: 3px;
  }
  button.group:focus-visible {
    outline-offset: -2px;
  }
  .row {
    padding-left: 20px;
    font-size: 11px;
  }
  details.legend {
    margin-left: auto;
    font-size: 12px;
  }
  summary {
    cursor: pointer;
  }
  .legend .card {
    position: absolute;
    right: 0;
    z-index: 4;
    display: flex;
    flex-wrap: wrap;
    gap: 6px 22px;
    max-width: 100%;
    max-height: 260px;
    margin-top: 4px;
    padding: 10px 14px;
    overflow: auto;
    border: 1px solid var(--iop-line);
    border-radius: 9px;
    background: var(--iop-raised);
  }
  .legend ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .legend li {
    display: flex;
    gap: 7px;
    align-items: center;
  }
  .legend b {
    width: 14px;
    text-align: center;
  }
  .swatch {
    width: 14px;
    height: 14px;
    overflow: hidden;
    fill: none;
    stroke: currentcolor;
    stroke-width: 1.2;
  }
  .swatch rect {
    fill: currentcolor;
    fill-opacity: 0.14;
  }
  .swatch rect.solid {
    fill-opacity: 0.45;
  }
  .swatch rect.outline {
    fill: none;
  }
  .now {
    font-size: 12px;
  }
  .now[open] {
    max-height: 45%;
    overflow: auto;
  }
  .now summary {
    padding: 4px 2px;
    color: var(--iop-quiet);
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th,
  td {
    padding: 2px 8px 2px 2px;
    border-top: 1px solid var(--iop-rule);
    font-weight: 400;
    text-align: left;
    vertical-align: top;
  }
  tbody th {
    font-weight: 600;
    white-space: nowrap;
  }
  @container (max-width: 560px) {
    .labels,
    .corner {
      font-size: 11px;
    }
    .note {
      display: none;
    }
  }
  @media (max-width: 560px) {
    :host {
      --label: 84px;
    }
  }
`;
