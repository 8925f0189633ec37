import { css } from "lit";

/** How the drawing looks. Colours come from the tokens; shape, letter and line style say the same again. */
export const stageStyles = css`
  :host {
    display: block;
    min-width: 0;
  }
  svg {
    display: block;
    width: 100%;
    height: auto;
    font-family: var(--iop-font);
    overflow: visible;
  }
  svg.panning {
    cursor: grabbing;
    user-select: none;
  }
  .move {
    transition: transform var(--iop-step, 280ms) ease;
  }
  .band.user rect {
    fill: var(--iop-user);
  }
  .band.kernel rect {
    fill: var(--iop-kernel);
  }
  .band.hardware rect {
    fill: var(--iop-hardware);
  }
  text {
    fill: var(--iop-ink);
    font-size: 11px;
    pointer-events: none;
  }
  .text-band {
    font-size: 11px;
    font-weight: 600;
    letter-spacing: 0.06em;
    text-transform: uppercase;
    fill: var(--iop-quiet);
  }
  .text-word {
    font-size: 12.5px;
    font-weight: 650;
    fill: var(--hue, var(--iop-ink));
  }
  .text-title,
  .text-mono {
    font-family: var(--iop-mono);
    font-size: 11px;
  }
  .text-chip {
    font-family: var(--iop-mono);
    font-size: 10.5px;
  }
  .text-name,
  .text-note {
    font-size: 11px;
    fill: var(--iop-quiet);
  }
  .text-name {
    font-size: 10.5px;
  }
  .text-letter {
    font-size: 11.5px;
    font-weight: 650;
    font-variant-numeric: tabular-nums;
  }
  .border line {
    stroke: var(--iop-rule);
    stroke-width: 1.5;
    stroke-dasharray: 2 5;
  }
  .border.lit line {
    stroke: var(--iop-changed);
    stroke-width: 3;
    stroke-dasharray: none;
  }
  .border text {
    font-size: 11px;
    fill: var(--iop-quiet);
    paint-order: stroke;
    stroke: var(--iop-paper);
    stroke-width: 6px;
  }
  .border.lit text {
    fill: var(--iop-changed-ink);
    font-weight: 650;
  }

  .task {
    --hue: var(--iop-task);
  }
  .file {
    --hue: var(--iop-file);
  }
  .socket {
    --hue: var(--iop-socket);
  }
  .eventpoll {
    --hue: var(--iop-eventpoll);
  }
  .wait,
  .device,
  .peer {
    --hue: var(--iop-wait);
  }
  .page {
    --hue: var(--iop-page);
  }

  .shape .frame {
    fill: var(--iop-raised);
    stroke: var(--hue);
    stroke-width: 1.25;
  }
  .hit {
    fill: transparent;
    cursor: pointer;
  }
  .hit:focus {
    outline: none;
  }
  .hit:focus-visible {
    stroke: var(--iop-focus);
    stroke-width: 3;
  }
  .shape:has(.hit:hover) > .frame {
    stroke-width: 2.25;
  }
  .halo {
    fill: none;
    stroke: var(--iop-changed);
    stroke-width: 0;
    opacity: 0;
    transition: opacity var(--iop-step, 280ms) ease;
  }
  .changed > .halo {
    stroke-width: 3.5;
    opacity: 1;
  }
  .concerned > .halo {
    stroke: var(--iop-focus);
    stroke-width: 2.5;
    stroke-dasharray: 5 3;
    opacity: 1;
  }
  .look-row .frame {
    stroke: var(--iop-rule);
    stroke-width: 1;
  }
  .look-row .halo {
    display: none;
  }
  .look-row.changed .frame {
    fill: var(--iop-changed-fill);
  }
  .look-bytes .frame {
    fill: color-mix(in srgb, var(--iop-page) 22%, var(--iop-raised));
    stroke: var(--iop-page);
  }
  .look-exclusive .frame {
    stroke-width: 2.25;
  }
  .look-slot .frame {
    stroke: var(--iop-line);
    stroke-dasharray: 3 2;
  }
  .look-pending .frame {
    stroke-width: 2;
    stroke-dasharray: 4 2;
  }
  .look-handler .frame {
    fill: color-mix(in srgb, var(--iop-task) 16%, var(--iop-raised));
    stroke-width: 2;
  }
  .look-free .frame {
    stroke: var(--iop-rule);
  }
  .look-more .frame {
    stroke: var(--iop-line);
    stroke-dasharray: 3 2;
  }
  .look-open .frame,
  .look-closed .frame {
    fill: none;
    stroke: none;
  }
  .shape:is(.look-open, .look-closed):has(.hit:hover) > .frame {
    stroke: var(--hue);
    stroke-width: 1.25;
  }
  .look-closed .frame {
    fill: color-mix(in srgb, var(--hue) 14%, var(--iop-raised));
  }
  .look-red .frame {
    fill: var(--iop-rb-red);
    stroke: var(--iop-rb-red);
  }
  .look-black .frame {
    fill: var(--iop-rb-black);
    stroke: var(--iop-rb-black);
  }
  .look-red text,
  .look-black text {
    fill: var(--iop-rb-ink);
  }
  .look-red .text-note,
  .look-black .text-note {
    font-size: 9px;
    font-weight: 600;
  }
  .look-linked .frame {
    fill: var(--iop-eventpoll);
    stroke: var(--iop-eventpoll);
  }
  .look-linked text {
    fill: var(--iop-rb-ink);
    font-size: 10.5px;
  }
  .look-hook .frame {
    fill: var(--iop-raised);
    stroke: var(--iop-line);
  }
  .look-head .frame {
    fill: none;
    stroke: var(--iop-eventpoll);
  }
  .look-folded .frame {
    fill: var(--iop-raised);
    stroke: var(--iop-line);
    stroke-dasharray: 3 2;
  }
  .look-caption .frame {
    fill: none;
    stroke: none;
  }

  .shape.selected > .frame {
    stroke: var(--iop-focus);
    stroke-width: 3;
  }

  path {
    fill: none;
  }
  .path-fd,
  .path-peer,
  .path-branch {
    stroke: var(--iop-line);
    stroke-width: 1.25;
  }
  .path-fd {
    opacity: 0.75;
  }
  .path-peer {
    stroke: var(--iop-socket);
  }
  .path-page,
  .path-shared,
  .path-request {
    stroke: var(--iop-page);
    stroke-dasharray: 4 3;
  }
  .path-shared {
    stroke-width: 1.5;
  }
  .path-chain {
    stroke: var(--iop-page);
    stroke-width: 1.5;
  }
  .path-callback {
    stroke: var(--iop-eventpoll);
    stroke-dasharray: 4 3;
    opacity: 0.85;
  }
  .path-waits {
    stroke: var(--iop-task);
    stroke-width: 1.5;
    stroke-dasharray: 4 3;
  }
  .path-stem {
    stroke: var(--iop-line);
    stroke-dasharray: 1 3;
  }
  .path-stem.linked,
  .path-ready {
    stroke: var(--iop-eventpoll);
    stroke-width: 2;
    stroke-dasharray: none;
  }
  .path-wire {
    stroke: var(--iop-line);
    stroke-width: 1.5;
    stroke-dasharray: 5 4;
  }
  .lit:not(.path-stem) {
    stroke: var(--iop-changed);
    stroke-width: 2.25;
    opacity: 1;
  }
  .path-copy {
    stroke: var(--iop-copy);
    stroke-width: 6;
    opacity: 0.92;
  }
  .path-dma {
    stroke: var(--iop-dma);
    stroke-width: 4;
  }
  .note-copy,
  .note-dma {
    font-size: 12px;
    font-weight: 650;
    paint-order: stroke;
    stroke: var(--iop-raised);
    stroke-width: 5px;
    stroke-linejoin: round;
  }
  .note-copy {
    fill: var(--iop-copy);
  }
  .note-dma {
    fill: var(--iop-dma);
  }
  @media (prefers-reduced-motion: reduce) {
    .move,
    .halo {
      transition: none;
    }
  }
`;
