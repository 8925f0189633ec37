import { type TemplateResult, html } from "lit";
import type { Translate } from "../i18n/catalogue.ts";

/**
 * What the page is about, drawn by hand: a packet comes by DMA, its socket tells the epoll, an item goes on the ready
 * list, a sleeping task wakes. Decoration; the stage shows the real thing.
 */
export function sketch(t: Translate): TemplateResult {
  return html`<svg class="sketch" viewBox="0 0 460 250" aria-hidden="true">
    <g class="bands">
      <rect class="user" width="460" height="64" rx="9"></rect>
      <rect class="kernel" y="74" width="460" height="104" rx="9"></rect>
      <rect class="hardware" y="188" width="460" height="62" rx="9"></rect>
    </g>
    <g class="words">
      <text x="12" y="18">${t("band_user")}</text>
      <text x="12" y="92">${t("band_kernel")}</text>
      <text x="12" y="206">${t("band_hardware")}</text>
    </g>
    <g class="task">
      <rect x="278" y="14" width="132" height="38" rx="7"></rect>
      <text x="290" y="31">server</text>
      <text class="small" x="290" y="45">epoll_wait() = 1</text>
    </g>
    <g class="socket">
      <rect x="96" y="104" width="112" height="52" rx="7"></rect>
      <text x="108" y="123">sock :8080</text>
      <rect class="bytes" x="108" y="132" width="38" height="15" rx="4"></rect>
      <text class="small" x="114" y="143">5 B</text>
    </g>
    <g class="eventpoll">
      <rect x="278" y="86" width="168" height="80" rx="7"></rect>
      <path class="branch" d="M362,112 L322,138 M362,112 L402,138"></path>
      <circle class="black" cx="362" cy="110" r="12"></circle>
      <rect class="red" x="310" y="127" width="24" height="24" rx="5"></rect>
      <rect class="red" x="390" y="127" width="24" height="24" rx="5"></rect>
      <text class="letter" x="362" y="114">5</text>
      <text class="letter" x="322" y="143">3</text>
      <text class="letter" x="402" y="143">6</text>
    </g>
    <g class="device">
      <rect x="96" y="208" width="132" height="30" rx="7"></rect>
      ${[0, 1, 2, 3, 4].map(
        (i) =>
          html`<svg x="${104 + i * 24}" y="215" width="20" height="16">
            <rect class=${i === 1 ? "full" : "free"} x="1" y="1" width="18" height="14" rx="3"></rect>
          </svg>`,
      )}
    </g>
    <path class="dma" d="M138,214 L138,150"></path>
    <path class="callback" d="M208,130 C244,130 240,110 278,110 L346,110"></path>
    <path class="wake" d="M344,86 L344,56"></path>
  </svg>`;
}
