import { css } from "lit";

/** How the first page looks. */
export const galleryStyles = css`
  :host {
    overflow: auto;
  }
  main {
    max-width: 1180px;
    margin: 0 auto;
    padding: 28px 20px 48px;
  }
  .lead {
    display: grid;
    grid-template-columns: minmax(0, 1.1fr) minmax(0, 0.9fr);
    gap: 32px;
    align-items: center;
    margin-bottom: 30px;
  }
  h1 {
    margin: 0 0 12px;
    font-size: clamp(28px, 4.2vw, 46px);
    font-weight: 700;
    letter-spacing: -0.02em;
    line-height: 1.12;
    text-wrap: balance;
  }
  .lead p {
    max-width: 52ch;
    margin: 0 0 16px;
    font-size: 16px;
    line-height: 1.55;
    text-wrap: pretty;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 10px;
  }
  .primary,
  .secondary {
    display: inline-flex;
    align-items: center;
    min-height: 36px;
    padding: 5px 16px;
    border: 1px solid var(--iop-focus);
    border-radius: 8px;
    font-weight: 650;
    text-decoration: none;
  }
  .primary {
    background: var(--iop-focus);
    color: var(--iop-rb-ink);
  }
  .secondary {
    color: inherit;
  }
  .primary:hover,
  .secondary:hover {
    text-decoration: underline;
  }
  .actions .button {
    font-size: 14px;
  }
  .button:focus-within {
    outline: 2.5px solid var(--iop-focus);
    outline-offset: 2px;
  }
  .sketch {
    width: 100%;
  }
  .sketch text {
    fill: var(--iop-ink);
    font: 600 12px var(--iop-font);
  }
  .sketch .words text {
    fill: var(--iop-quiet);
    font-size: 11px;
  }
  .sketch .small {
    font: 500 10.5px var(--iop-mono);
  }
  .sketch .letter {
    fill: var(--iop-rb-ink);
    text-anchor: middle;
  }
  .bands .user {
    fill: var(--iop-user);
  }
  .bands .kernel {
    fill: var(--iop-kernel);
  }
  .bands .hardware {
    fill: var(--iop-hardware);
  }
  .sketch :is(.task, .socket, .eventpoll, .device) > rect:first-child {
    fill: var(--iop-raised);
    stroke: var(--iop-line);
    stroke-width: 1.5;
  }
  .sketch .task > rect:first-child {
    stroke: var(--iop-changed);
    stroke-width: 3;
  }
  .sketch .socket > rect:first-child {
    stroke: var(--iop-socket);
  }
  .sketch .eventpoll > rect:first-child {
    stroke: var(--iop-eventpoll);
  }
  .sketch .bytes,
  .sketch .full {
    fill: color-mix(in srgb, var(--iop-dma) 30%, transparent);
    stroke: var(--iop-dma);
  }
  .sketch .free {
    fill: none;
    stroke: var(--iop-line);
  }
  .sketch .red {
    fill: var(--iop-rb-red);
  }
  .sketch .black {
    fill: var(--iop-rb-black);
  }
  .sketch path {
    fill: none;
    stroke: var(--iop-line);
    stroke-width: 1.5;
  }
  .sketch .dma {
    stroke: var(--iop-dma);
    stroke-width: 4;
  }
  .sketch .callback {
    stroke: var(--iop-eventpoll);
    stroke-dasharray: 5 4;
    stroke-width: 2;
  }
  .sketch .wake {
    stroke: var(--iop-changed);
    stroke-dasharray: 3 4;
    stroke-width: 3;
  }
  .search {
    position: sticky;
    top: 0;
    z-index: 1;
    display: flex;
    flex-wrap: wrap;
    gap: 8px 12px;
    margin: 0 -20px 10px;
    padding: 10px 20px;
    background: var(--iop-paper);
  }
  .search input {
    flex: 1 1 240px;
    max-width: 420px;
  }
  .chips {
    display: flex;
    gap: 6px;
    overflow-x: auto;
  }
  .chips button {
    border-radius: 17px;
    white-space: nowrap;
  }
  .chips button:focus-visible {
    outline-offset: -3px;
  }
  h2 {
    margin: 22px 0 2px;
    color: var(--iop-ink);
    font-size: 20px;
    letter-spacing: -0.01em;
    text-transform: none;
  }
  section > p {
    margin: 0 0 12px;
  }
  ul {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 270px), 1fr));
    gap: 12px;
    margin: 0 0 26px;
    padding: 0;
    list-style: none;
  }
  li a {
    display: flex;
    flex-direction: column;
    gap: 5px;
    height: 100%;
    padding: 13px 15px 14px;
    border: 1px solid var(--iop-rule);
    border-radius: 11px;
    background: var(--iop-raised);
    color: inherit;
    text-decoration: none;
  }
  li a:hover {
    border-color: var(--iop-ink);
  }
  li b {
    font-size: 15.5px;
    font-weight: 650;
    line-height: 1.35;
    text-wrap: pretty;
  }
  li .quiet {
    font-size: 13px;
  }
  .subject {
    color: var(--iop-eventpoll);
    font-size: 11.5px;
    font-weight: 650;
    letter-spacing: 0.03em;
  }
  .subject.waiting {
    color: var(--iop-task);
  }
  .subject.files {
    color: var(--iop-page);
  }
  .subject.sockets {
    color: var(--iop-socket);
  }
  .subject.ownership {
    color: var(--iop-file);
  }
  .myth {
    align-self: start;
    margin-top: auto;
    padding: 0 8px;
    border: 1px solid var(--iop-line);
    border-radius: 9px;
    color: var(--iop-quiet);
    font-size: 11.5px;
    font-weight: 600;
  }
  .none {
    padding: 30px 0;
    font-size: 16px;
  }
  footer {
    padding-top: 18px;
    border-top: 1px solid var(--iop-rule);
    font-size: 13px;
  }
  @media (max-width: 820px) {
    main {
      padding: 18px 14px 40px;
    }
    .lead {
      grid-template-columns: 1fr;
      gap: 14px;
    }
    .sketch {
      max-width: 460px;
    }
    .search {
      margin-inline: -14px;
      padding-inline: 14px;
    }
  }
`;
