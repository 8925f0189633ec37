import { css } from "lit";

/** How the page of the race is laid out. */
export const pageStyles = css`
  :host {
    overflow-y: auto;
  }
  main {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 22px;
    max-width: 1180px;
    margin: 0 auto;
    padding: 24px 20px 56px;
  }
  h1 {
    margin: 0;
    font-size: clamp(26px, 3vw, 34px);
    letter-spacing: -0.02em;
    line-height: 1.12;
  }
  .lead {
    max-width: 74ch;
    margin: -14px 0 0;
    font-size: 16px;
    line-height: 1.6;
  }
  .begin {
    display: grid;
    gap: 14px;
  }
  .quiet-please {
    margin: -6px 0 0;
  }
  .racing progress {
    flex: 0 1 320px;
    height: 12px;
  }
  .racing .hint {
    flex: 1 1 240px;
    font-variant-numeric: tabular-nums;
  }
  .empty,
  .origin {
    margin: 0;
    max-width: none;
  }
  .about {
    margin-bottom: -8px;
  }
  .about h2 {
    margin: 0;
  }
  .origin {
    color: var(--iop-quiet);
  }
  .back {
    justify-self: start;
  }
  @media (max-width: 760px) {
    main {
      gap: 18px;
      padding: 16px 12px 40px;
    }
  }
`;
