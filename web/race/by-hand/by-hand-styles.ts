import { css } from "lit";

/** How the page of the tree looks. */
export const byHandStyles = css`
  :host {
    overflow-y: auto;
  }
  main {
    max-width: 1180px;
    margin: 0 auto;
    padding: 18px 20px 48px;
  }
  h1 {
    margin: 0;
    font-size: 24px;
    font-weight: 650;
    line-height: 1.25;
  }
  nav {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
    margin-top: 6px;
  }
  nav a {
    padding: 6px 10px;
    border-bottom: 3px solid transparent;
    color: var(--iop-quiet);
    text-decoration: none;
  }
  nav a[aria-current] {
    border-color: var(--iop-focus);
    color: var(--iop-ink);
    font-weight: 650;
  }
  .lead {
    max-width: 74ch;
    margin: 6px 0 16px;
    text-wrap: pretty;
  }
  .above {
    margin: 0 0 4px;
    font-size: 13px;
  }
  a {
    color: inherit;
  }
  form,
  .tools,
  .take {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  input[type="text"] {
    font: inherit;
    color: inherit;
    flex: 1 1 12em;
    max-width: 22em;
    min-width: 0;
    min-height: 34px;
    padding: 4px 10px;
    border: 1px solid var(--iop-line);
    border-radius: 7px;
    background: var(--iop-raised);
  }
  input[aria-invalid="true"] {
    border-color: var(--iop-bad);
  }
  .primary {
    border-color: var(--iop-focus);
    background: var(--iop-focus);
    color: var(--iop-rb-ink);
    font-weight: 650;
  }
  label.key {
    font-weight: 650;
  }
  .refusal {
    min-height: 1.45em;
    margin: 4px 0 8px;
    color: var(--iop-bad);
    font-size: 13px;
  }
  .card {
    border: 1px solid var(--iop-rule);
    border-radius: 10px;
    background: var(--iop-raised);
  }
  .tools {
    padding: 8px 10px;
    border-bottom: 1px solid var(--iop-rule);
  }
  .tools .where {
    min-width: 9em;
    font-size: 13px;
    font-variant-numeric: tabular-nums;
  }
  .tools .push {
    margin-inline-start: auto;
  }
  .tools label {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    font-size: 13px;
  }
  .icon {
    display: inline-grid;
    place-items: center;
    width: 36px;
    padding: 0;
  }
  .icon svg {
    width: 20px;
    height: 20px;
    fill: currentcolor;
    stroke: currentcolor;
    stroke-width: 1.6px;
    stroke-linejoin: round;
  }
  .examples {
    margin: 8px 0 0;
  }
  .examples button {
    color: var(--iop-ink);
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  .examples button:disabled {
    color: var(--iop-quiet);
    text-decoration: none;
  }
  .says {
    min-height: 6.4em;
    padding: 10px 14px 8px;
    border-bottom: 1px solid var(--iop-rule);
  }
  .says p {
    margin: 3px 0 0;
    max-width: 78ch;
    font-size: 15.5px;
    text-wrap: pretty;
  }
  .says code {
    color: var(--iop-quiet);
    font: 12px var(--iop-mono);
  }
  .stage {
    min-height: 300px;
    overflow-x: auto;
    text-align: center;
  }
  svg.tree {
    width: 100%;
    height: auto;
  }
  .edge {
    stroke: var(--iop-line);
    stroke-width: 1.6px;
  }
  .node {
    transition: transform var(--iop-step) ease;
  }
  .node rect {
    stroke: var(--iop-raised);
    stroke-width: 2px;
  }
  .red rect {
    fill: var(--iop-rb-red);
  }
  .black rect {
    fill: var(--iop-rb-black);
  }
  .even rect,
  .uneven rect {
    fill: var(--iop-rb-black);
  }
  .named rect {
    stroke: var(--iop-changed);
    stroke-width: 3.5px;
  }
  .node text {
    text-anchor: middle;
    font-variant-numeric: tabular-nums;
  }
  text.key {
    fill: var(--iop-rb-ink);
    font-size: 14px;
    font-weight: 650;
  }
  text.below {
    fill: var(--iop-rb-ink);
    font-size: 11px;
  }
  text.part {
    fill: var(--iop-changed-ink);
    stroke: var(--iop-raised);
    stroke-width: 4px;
    stroke-linejoin: round;
    paint-order: stroke;
    font-size: 12px;
    font-weight: 650;
  }
  .turn {
    fill: none;
    stroke: var(--iop-changed-ink);
    stroke-width: 2.4px;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .box rect {
    fill: var(--iop-paper);
    stroke: var(--iop-socket);
    stroke-width: 1.6px;
  }
  .box.head rect {
    stroke: var(--iop-quiet);
    stroke-dasharray: 4 3;
  }
  .cell rect {
    stroke: var(--iop-line);
    stroke-width: 1.6px;
    fill: var(--iop-paper);
  }
  .cell.free rect {
    stroke-dasharray: 3 3;
  }
  .cell.filled rect {
    fill: var(--iop-hardware);
    stroke: var(--iop-socket);
  }
  .box.named rect,
  .cell.named rect {
    stroke: var(--iop-changed);
    stroke-width: 3.5px;
  }
  text.value {
    fill: var(--iop-ink);
    font-size: 15px;
    font-weight: 650;
  }
  text.address {
    fill: var(--iop-quiet);
    font: 10.5px var(--iop-mono);
  }
  text.mark,
  text.count {
    fill: var(--iop-changed-ink);
    font: 650 13px var(--iop-mono);
    text-anchor: middle;
  }
  text.count {
    fill: var(--iop-ink);
  }
  .round {
    fill: none;
    stroke: var(--iop-rule);
    stroke-width: 2px;
  }
  .next,
  .prev,
  .tip {
    fill: none;
    stroke: var(--iop-socket);
    stroke-width: 1.6px;
  }
  .prev,
  .tip {
    stroke: var(--iop-quiet);
  }
  .prev {
    stroke-dasharray: 4 3;
  }
  .foot {
    margin: 0;
    padding: 6px 14px 10px;
    font-size: 13px;
  }
  .below {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr));
    gap: 20px;
    margin-top: 18px;
  }
  h2 {
    margin-bottom: 6px;
  }
  ol.done {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  ol.done button {
    min-height: 28px;
    padding: 1px 8px;
    font-size: 13px;
    font-variant-numeric: tabular-nums;
  }
  ol.done button[aria-current="step"] {
    border-color: var(--iop-focus);
    box-shadow: inset 0 0 0 1px var(--iop-focus);
    font-weight: 650;
  }
  ol.done .undone {
    border-style: dashed;
    color: var(--iop-quiet);
  }
  .news {
    min-height: 1.45em;
    margin: 6px 0 0;
    font-size: 13px;
  }
  table {
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }
  .table {
    overflow-x: auto;
  }
  th,
  td {
    padding: 3px 10px 3px 0;
    border-bottom: 1px solid var(--iop-rule);
    font-weight: 400;
    text-align: start;
    white-space: nowrap;
  }
  thead th {
    color: var(--iop-quiet);
    font-size: 12px;
  }
  @media (max-width: 480px) {
    .tools label {
      flex-basis: 100%;
    }
    .tools .push {
      margin-inline-start: 0;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .node {
      transition: none;
    }
  }
`;
