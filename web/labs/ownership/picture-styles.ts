import { css } from "lit";

/** How arrows look: owning ones are thick and have a full head, observing ones are dashed, dangling ones crossed out. */
export const edgeStyles = css`
  .edge {
    fill: none;
    stroke: var(--iop-quiet);
    stroke-width: 1.2px;
  }
  .edge.owns {
    stroke: var(--iop-task);
    stroke-width: 2.4px;
  }
  .edge.observes {
    stroke: var(--iop-eventpoll);
    stroke-width: 2px;
    stroke-dasharray: 6 4;
  }
  .edge.dangling {
    stroke: var(--iop-bad);
    stroke-width: 1.6px;
  }
  .head {
    fill: none;
    stroke: var(--iop-quiet);
    stroke-width: 1.2px;
  }
  .head.owns {
    fill: var(--iop-task);
    stroke: var(--iop-task);
  }
  .head.observes {
    stroke: var(--iop-eventpoll);
    stroke-width: 2px;
  }
  .head.dangling {
    stroke: var(--iop-bad);
  }
  .cross {
    stroke: var(--iop-bad);
    stroke-width: 2.4px;
  }
  .cross-ground {
    fill: var(--iop-paper);
  }
`;

/** How the drawing of a heap looks: colours from the tokens, and line styles, signs and words that say the same. */
export const pictureStyles = css`
  svg {
    display: block;
    max-width: 100%;
    height: auto;
    overflow: visible;
    font-family: var(--iop-mono);
  }
  text {
    fill: var(--iop-ink);
    font-size: 12px;
  }
  .narrow text {
    font-size: 11px;
  }
  text.caption,
  .narrow text.caption {
    fill: var(--iop-quiet);
    font: 600 11px var(--iop-font);
    letter-spacing: 0.05em;
  }
  text.quiet {
    fill: var(--iop-quiet);
  }
  text.word,
  .narrow text.word {
    font-family: var(--iop-font);
    font-size: 12px;
  }
  .narrow text.word {
    font-size: 11px;
  }
  text.small,
  .narrow text.small {
    font-size: 10.5px;
  }
  text.strong {
    font-weight: 700;
  }
  .box {
    fill: var(--iop-raised);
    stroke: var(--iop-line);
    stroke-width: 1.2px;
  }
  .variable .box {
    stroke: var(--iop-task);
  }
  .variable text.strong {
    fill: var(--iop-task);
  }
  .own .box {
    fill: none;
    stroke-dasharray: 2 3;
  }
  .chunk.used > .box {
    fill: var(--iop-kernel);
    stroke: var(--iop-ink);
  }
  .chunk.free > .box {
    fill: url(#hatch);
    stroke: var(--iop-line);
    stroke-dasharray: 5 3;
  }
  .chunk.top > .box {
    fill: none;
    stroke-dasharray: 2 3;
  }
  .chunk.lost > .box,
  .chunk.astray > .box {
    stroke: var(--iop-bad);
    stroke-width: 2px;
  }
  .chunk text.state {
    font-weight: 650;
  }
  .chunk.lost text.state,
  .chunk.astray text.state {
    fill: var(--iop-bad);
  }
  .hatch {
    stroke: var(--iop-rule);
    stroke-width: 3px;
  }
  .part .box {
    stroke-width: 1.4px;
  }
  .part.object .box {
    stroke: var(--iop-socket);
  }
  .part.object text.strong {
    fill: var(--iop-socket);
  }
  .part.block .box {
    stroke: var(--iop-file);
  }
  .part.block text.strong {
    fill: var(--iop-file);
  }
  .part.dead .box {
    stroke: var(--iop-line);
    stroke-dasharray: 3 3;
  }
  .part.dead text.strong {
    fill: var(--iop-quiet);
    text-decoration: line-through;
  }
  .data {
    fill: color-mix(in srgb, var(--iop-socket) 16%, transparent);
  }
  .dead .data {
    fill: color-mix(in srgb, var(--iop-line) 22%, transparent);
  }
  .strike {
    stroke: var(--iop-line);
    stroke-width: 1.2px;
  }
  text.danger {
    fill: var(--iop-bad);
    font-weight: 650;
  }
  .halo {
    fill: var(--iop-changed-fill);
    stroke: var(--iop-changed);
    stroke-width: 1px;
  }
  .ring {
    fill: none;
    stroke: var(--iop-changed);
    stroke-width: 3px;
  }
  .chip .box {
    stroke-dasharray: 5 3;
  }
  .chip.broken .box {
    stroke: var(--iop-bad);
  }
`;
