import { LitElement, type TemplateResult, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { StreamSettings } from "../../../lib/cache/settings.ts";
import { fire } from "../../app/events.ts";
import { shared } from "../../app/styles.ts";
import { type Locale, type Translate, translatorOf } from "../../i18n/catalogue.ts";
import { type TextKey, texts } from "../../i18n/pages/page-cache.ts";
import { formatCount } from "../../model/format.ts";
import { wayText } from "./charts.ts";
import { type Choice, field } from "./field.ts";
import { WAYS, offered } from "./settings.ts";
import { partStyles } from "./styles.ts";

const MEMORIES = [4, 6, 8, 12, 16, 32, 64] as const;
const HOT = [64, 128, 256, 512, 768, 1024, 2048] as const;
const PASSES = [0, 1, 2, 3] as const;
const SEEDS = [1, 2, 3, 4, 5] as const;
const STREAMS = [0, 4, 8, 16, 32, 64, 128, 256] as const;

/** Settings that show something by themselves, by the name of what they show. */
const PRESETS: Readonly<Record<"once" | "twice" | "many" | "direct", StreamSettings>> = {
  once: { memory: 8, hot: 512, passes: 1, stream: 32, way: "read" },
  twice: { memory: 8, hot: 512, passes: 2, stream: 32, way: "read" },
  many: { memory: 6, hot: 768, passes: 2, stream: 32, way: "read" },
  direct: { memory: 8, hot: 512, passes: 1, stream: 32, way: "O_DIRECT" },
};

/**
 * What the machine with hot files and a stream is like.
 *
 * @fires iop-choose   a setting was chosen: its name and value, as text
 * @fires iop-preset   settings were chosen together
 */
@customElement("iop-stream-settings")
export class IopStreamSettings extends LitElement {
  static override styles = [
    shared,
    partStyles,
    css`
      :host {
        padding: 0;
        border: 0;
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ attribute: false }) settings!: Required<StreamSettings>;

  readonly #t: Translate<TextKey> = (key, values) => translatorOf(texts, this.locale)(key, values);

  override render(): TemplateResult {
    const t = this.#t;
    const { way, memory, hot, passes, stream, order, disk, seed } = this.settings;
    const mib = (count: number): Choice => [String(count), t("mib", { count })];
    return html`<div class="row" role="group" aria-label=${t("presets")}>
        ${(["once", "twice", "many", "direct"] as const).map((name) => {
          const preset = PRESETS[name];
          const isChosen = Object.entries(preset).every(([key, value]) => this.settings[key as "way"] === value);
          return html`<button aria-pressed=${isChosen} @click=${() => fire(this, "iop-preset", preset)}>
            ${t(`preset_${name}`)}
          </button>`;
        })}
      </div>
      <div class="fields" role="group" aria-label=${t("settings")}>
        ${field(
          "way",
          t("way"),
          way,
          WAYS.map((name) => [name, wayText(name, t)]),
        )}
        ${field("memory", t("memory"), memory, offered(MEMORIES, memory).map(mib))}
        ${field(
          "hot",
          t("hot"),
          hot,
          offered(HOT, hot).map((count) => [String(count), formatCount(count)]),
        )}
        ${field(
          "passes",
          t("passes"),
          passes,
          offered(PASSES, passes).map((count) => [
            String(count),
            count <= 2 ? t(`passes_${count as 0 | 1 | 2}`) : t("passes_n", { count }),
          ]),
        )}
        ${field(
          "stream",
          t("stream"),
          stream,
          offered(STREAMS, stream).map((count) => (count === 0 ? ["0", t("stream_none")] : mib(count))),
        )}
        ${field("order", t("order"), order, [
          ["zipf", t("order_zipf")],
          ["round robin", t("order_round")],
        ])}
        ${field("disk", t("disk"), disk, [
          ["flash", t("disk_flash")],
          ["rotating", t("disk_rotating")],
        ])}
        ${field(
          "seed",
          t("seed"),
          seed,
          offered(SEEDS, seed).map((number) => [String(number), String(number)]),
        )}
      </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-stream-settings": IopStreamSettings;
  }
}
