import { css } from "lit";

/**
 * How the controls and the sentence look. A page with little room says how large the sentence is
 * (`--iop-sentence-size`), how much room it always has (`--iop-sentence-height`), what is not shown (`none` as
 * `--iop-transport-speed`; as `--iop-transport-more`: position, size of steps, and the name of the function), and how
 * wide the place in time is in a narrow window (`--iop-seek-basis`).
 */
export const transportStyles = css`
  :host {
    container-type: inline-size;
  }
  section {
    padding: 8px 14px 10px;
    border-top: 1px solid var(--iop-rule);
    background: var(--iop-paper);
  }
  .narration {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 16px;
    align-items: baseline;
    justify-content: space-between;
  }
  .sentence {
    flex: 1 1 24em;
    min-height: var(--iop-sentence-height, 2.7em);
    margin: 0;
    font-size: var(--iop-sentence-size, clamp(17px, 0.75vw + 10px, 24px));
    line-height: 1.35;
    text-wrap: pretty;
  }
  .marks {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 8px;
    align-items: center;
  }
  .phase {
    display: inline-flex;
    gap: 6px;
    align-items: center;
    padding: 1px 10px 1px 2px;
    border: 1.5px solid var(--iop-page);
    border-radius: 11px;
    font-size: 12.5px;
    white-space: nowrap;
  }
  .phase b {
    width: 17px;
    border-radius: 50%;
    background: var(--iop-page);
    color: var(--iop-rb-ink);
    font-size: 11px;
    line-height: 17px;
    text-align: center;
  }
  .phase.copied {
    border-color: var(--iop-copy);
  }
  .phase.copied b {
    background: var(--iop-copy);
  }
  .event {
    display: var(--iop-transport-more, inline);
    padding: 1px 7px;
    border-radius: 5px;
    background: var(--iop-changed-fill);
    font: 12.5px var(--iop-mono);
    overflow-wrap: anywhere;
  }
  .controls {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 14px;
    align-items: center;
    margin-top: 8px;
  }
  .buttons {
    display: flex;
  }
  .choices {
    display: var(--iop-transport-more, flex);
  }
  .position {
    display: var(--iop-transport-more, inline-block);
  }
  .speed {
    display: var(--iop-transport-speed, inline-block);
  }
  .buttons {
    gap: 4px;
  }
  .choices button {
    border-radius: 0;
    margin-left: -1px;
    white-space: nowrap;
  }
  .choices button:first-child {
    border-radius: 7px 0 0 7px;
    margin-left: 0;
  }
  .choices button:last-child {
    border-radius: 0 7px 7px 0;
  }
  .choices button[aria-pressed="true"] {
    position: relative;
  }
  .icon {
    width: 40px;
    padding: 0;
    min-height: 38px;
  }
  .icon svg {
    width: 20px;
    height: 20px;
    vertical-align: middle;
    fill: currentColor;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linejoin: round;
    stroke-linecap: round;
  }
  .seek {
    flex: 1 1 160px;
    min-width: 120px;
    height: 30px;
    margin: 0;
    accent-color: var(--iop-changed);
    cursor: pointer;
  }
  .position {
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
  }
  .time {
    display: inline-block;
    min-width: 4.5em;
  }
  @container (max-width: 1000px) {
    .sentence {
      font-size: var(--iop-sentence-size, 18px);
    }
    .controls {
      gap: 8px 10px;
    }
    .choices button {
      padding-inline: 8px;
    }
    .seek {
      flex-basis: 100px;
      min-width: 90px;
    }
  }
  @container (max-width: 640px) {
    section {
      padding: 8px 10px 10px;
    }
    .narration {
      flex-direction: column-reverse;
    }
    .sentence {
      flex: 1 1 auto;
      min-height: var(--iop-sentence-height, 2.7em);
      font-size: var(--iop-sentence-size, 16px);
    }
    /* The place in time comes first, with its numbers: what is below has the same place in all languages. */
    .seek {
      order: -2;
      flex-basis: var(--iop-seek-basis, 120px);
    }
    .controls {
      gap: 6px;
    }
    .speed {
      margin-inline-start: auto;
    }
    .icon {
      width: 36px;
    }
    .position {
      order: -1;
      font-size: 11px;
    }
    .choices {
      flex: 1 0 100%;
      order: 1;
    }
    .choices button {
      flex: 1;
      padding: 4px 6px;
      font-size: 13px;
    }
  }
`;
