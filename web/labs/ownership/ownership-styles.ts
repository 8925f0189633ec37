import { css } from "lit";

/** The page of the lab. */
export const ownershipStyles = css`
  :host {
    overflow-y: auto;
  }
  main {
    max-width: 1560px;
    margin: 0 auto;
    padding: 16px 20px 48px;
  }
  h1 {
    margin: 0 0 2px;
    font-size: 26px;
    letter-spacing: -0.01em;
  }
  .lead {
    max-width: 150ch;
    margin: 0 0 10px;
  }
  .wrong {
    margin: 0;
    color: var(--iop-bad);
    font-weight: 650;
  }
  .about {
    max-width: 150ch;
    margin: 10px 0 0;
    text-wrap: pretty;
  }
  .clock {
    position: sticky;
    top: 0;
    z-index: 2;
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 0 16px;
    align-items: end;
    margin: 10px -20px 14px;
    padding: 0 20px;
    border-block: 1px solid var(--iop-rule);
    background: var(--iop-paper);
  }
  iop-transport {
    /* The line above it is the clock's. */
    --iop-rule: transparent;
    --iop-transport-more: none;
    --iop-sentence-size: clamp(15px, 0.5vw + 11px, 19px);
    margin-inline: -14px 0;
  }
  .program .about {
    min-height: 4.4em;
    margin-top: 4px;
    color: var(--iop-quiet);
  }
  .clock.pair iop-transport {
    --iop-sentence-size: 13px;
    /* It says no more than which step this is. */
    --iop-sentence-height: 1.35em;
  }
  .strides {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 14px;
    align-items: center;
    padding-bottom: 14px;
    font-size: 13px;
  }
  .strides .choices {
    display: flex;
  }
  .choices button {
    min-height: 28px;
    margin-inline-start: -1px;
    padding: 2px 10px;
    border-radius: 0;
    font-size: 13px;
  }
  .choices button:first-child {
    border-radius: 7px 0 0 7px;
  }
  .choices button:last-child {
    border-radius: 0 7px 7px 0;
  }
  .choices button[aria-pressed="true"] {
    position: relative;
  }
  .position {
    font-variant-numeric: tabular-nums;
  }
  .event {
    padding: 1px 7px;
    border-radius: 5px;
    background: var(--iop-changed-fill);
    font: 12.5px var(--iop-mono);
  }
  .shown {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 14px 24px;
    align-items: start;
  }
  .shown.one .program {
    display: grid;
    grid-template-columns: minmax(0, 452px) minmax(0, 1fr);
    gap: 14px 28px;
    align-items: start;
  }
  .shown.two {
    grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    gap: 14px 36px;
  }
  .shown.two .program {
    display: grid;
    gap: 12px;
    grid-template-columns: minmax(0, 1fr);
  }
  .program h2 {
    margin: 0;
    font-size: 16px;
    font-weight: 650;
    letter-spacing: 0;
    text-transform: none;
    color: inherit;
  }
  .said {
    min-height: 3em;
    margin: 0;
    font-size: 16px;
    text-wrap: pretty;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 18px;
    margin: 18px 0 22px;
    padding: 0;
    color: var(--iop-quiet);
    font-size: 12.5px;
    list-style: none;
  }
  .legend li {
    display: inline-flex;
    gap: 7px;
    align-items: center;
  }
  .legend svg {
    width: 34px;
    height: 12px;
  }
  .legend .swatch {
    width: 18px;
    height: 12px;
    border: 2.5px solid var(--iop-changed);
    border-radius: 3px;
    background: var(--iop-changed-fill);
  }
  .keys {
    margin: 0 0 16px;
    color: var(--iop-quiet);
    font-size: 12.5px;
  }
  details {
    margin-top: 16px;
  }
  summary {
    cursor: pointer;
    color: var(--iop-quiet);
  }
  @media (max-width: 1080px) {
    .shown.one .program {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  @media (max-width: 860px) {
    .clock {
      grid-template-columns: minmax(0, 1fr);
    }
    .strides {
      padding-bottom: 8px;
    }
    .shown.two {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  @media (max-width: 760px) {
    main {
      padding: 12px 12px 40px;
    }
    .clock {
      margin-inline: -12px;
      padding-inline: 12px;
    }
  }
`;
