import { css } from "lit";

/** How the page is divided: side by side where there is room, one panel at a time where there is not. */
export const runStyles = css`
  :host {
    display: flex;
    flex-direction: column;
  }
  main {
    display: grid;
    flex: 1;
    grid-template-columns: minmax(228px, 22vw) minmax(0, 1fr) minmax(240px, 19vw);
    min-height: 0;
  }
  /* A question is read before anything else: its guesses and its answer have room. */
  main.asking {
    grid-template-columns: minmax(228px, 30vw) minmax(0, 1fr) minmax(220px, 17vw);
  }
  main.editing {
    grid-template-columns: minmax(228px, 40vw) minmax(0, 1fr) minmax(200px, 16vw);
  }
  .editing .left iop-program {
    flex: 1 1 auto;
    max-height: 82%;
  }
  .side {
    display: flex;
    flex-direction: column;
    gap: 18px;
    min-height: 0;
    padding: 12px 14px;
    overflow: auto;
  }
  .left {
    border-right: 1px solid var(--iop-rule);
  }
  .right {
    border-left: 1px solid var(--iop-rule);
  }
  .right iop-stack {
    flex: 0 0 34%;
    min-height: 0;
    overflow: auto;
  }
  .left iop-question {
    flex: 0 0 auto;
    max-height: 50%;
    overflow: auto;
  }
  .left iop-program {
    flex: 0 1 auto;
    min-height: 120px;
    max-height: 58%;
    overflow: auto;
  }
  .left iop-calls {
    flex: 1 1 200px;
    min-height: 110px;
  }
  .centre {
    display: flex;
    flex-direction: column;
    min-width: 0;
    padding: 10px 12px;
    overflow: auto;
  }
  .upcoming {
    margin: 0 0 8px;
    padding: 6px 12px;
    border: 1.5px dashed var(--iop-focus);
    border-radius: 8px;
    line-height: 1.4;
  }
  .foot {
    position: sticky;
    left: 0;
    display: flex;
    flex-wrap: wrap;
    gap: 8px 18px;
    align-items: center;
    justify-content: space-between;
    margin: 10px 2px 0;
  }
  .narrowed {
    display: flex;
    position: sticky;
    left: 0;
    flex-wrap: wrap;
    gap: 6px 8px;
    align-items: center;
    margin: 0 0 8px;
    padding: 5px 6px 5px 12px;
    border: 1.5px solid var(--iop-focus);
    border-radius: 8px;
    line-height: 1.4;
  }
  .narrowed span {
    flex: 1 1 220px;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 14px;
  }
  .zoom {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
  }
  .narrowed button,
  .zoom button {
    min-height: 28px;
    padding: 1px 9px;
    font-size: 12.5px;
    font-variant-numeric: tabular-nums;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 18px;
    margin: 0;
    padding: 0;
    list-style: none;
    font-size: 12px;
    color: var(--iop-quiet);
  }
  .legend li {
    display: flex;
    gap: 7px;
    align-items: center;
  }
  .legend i {
    width: 26px;
    border-top: 2px solid var(--iop-line);
  }
  .legend .copy {
    border-top: 6px solid var(--iop-copy);
  }
  .legend .dma {
    border-top: 4px solid var(--iop-dma);
  }
  .legend .reference {
    border-top: 2px dashed var(--iop-eventpoll);
  }
  .legend .changed {
    width: 18px;
    height: 14px;
    border: 3px solid var(--iop-changed);
    border-radius: 4px;
  }
  .legend .red,
  .legend .black {
    width: 16px;
    height: 16px;
    border: 0;
    border-radius: 4px;
    background: var(--iop-rb-red);
    color: var(--iop-rb-ink);
    font: 700 10px/16px var(--iop-font);
    text-align: center;
  }
  .legend .black {
    border-radius: 50%;
    background: var(--iop-rb-black);
  }
  .tabs {
    display: none;
  }
  .loading {
    padding: 24px;
  }
  @media (max-width: 999px) {
    main {
      display: block;
      overflow: auto;
    }
    main.away {
      display: none;
    }
    iop-transport {
      order: 1;
    }
    iop-timeline-panel.panel.chosen {
      flex: 1;
      min-height: 0;
      padding: 8px;
      overflow: auto;
    }
    .tabs {
      display: flex;
      overflow-x: auto;
      border-bottom: 1px solid var(--iop-rule);
    }
    .tabs button {
      flex: 1 0 auto;
      min-height: 38px;
      padding: 4px 7px;
      border: 0;
      border-bottom: 3px solid transparent;
      border-radius: 0;
      background: none;
      box-shadow: none;
      font-size: 13px;
      white-space: nowrap;
    }
    .tabs button[aria-pressed="true"] {
      border-bottom-color: var(--iop-focus);
    }
    .tabs button:focus-visible {
      outline-offset: -3px;
    }
    @media (max-width: 420px) {
      .tabs button {
        padding-inline: 4px;
        font-size: 12.5px;
      }
    }
    .side {
      display: contents;
    }
    .panel {
      display: none;
      padding: 12px 14px;
    }
    .panel.chosen {
      display: block;
    }
    .centre.panel.chosen {
      padding: 8px;
    }
    iop-calls.panel.chosen {
      display: flex;
      height: 100%;
    }
    .left iop-question,
    .left iop-program,
    .right iop-stack {
      max-height: none;
      overflow: visible;
    }
  }
`;
