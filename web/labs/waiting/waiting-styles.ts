import { css } from "lit";

/** The page of the lab. */
export const waitingStyles = css`
  :host {
    overflow-y: auto;
  }
  main {
    max-width: 1440px;
    margin: 0 auto;
    padding: 18px 20px 48px;
  }
  h1 {
    margin: 0 0 4px;
    font-size: 26px;
    letter-spacing: -0.01em;
  }
  .lead {
    margin-bottom: 4px;
  }
  nav {
    margin: 8px 0 16px;
    border-bottom: 1px solid var(--iop-rule);
  }
  .controls {
    display: grid;
    gap: 12px;
    margin: 0 0 18px;
  }
  .ways,
  .numbers {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    align-items: end;
  }
  .numbers {
    gap: 8px 18px;
  }
  label input {
    width: 15ch;
  }
  .programs {
    margin-top: 36px;
    padding-top: 18px;
    border-top: 1px solid var(--iop-rule);
  }
  dl {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 320px), 1fr));
    gap: 12px 24px;
    margin: 10px 0 16px;
  }
  dt {
    font-weight: 600;
  }
  dd {
    margin: 2px 0 0;
  }
  @media (max-width: 760px) {
    main {
      padding: 14px 12px 40px;
    }
    nav a {
      padding: 8px;
    }
  }
`;
