import { LitElement, type PropertyValues, type TemplateResult, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { CacheUsage, FrameUsage, KernelMemory, MemoryUsage } from "../../lib/index.ts";
import { memoryUsage } from "../../lib/see/usage.ts";
import { shared } from "../app/styles.ts";
import { type Locale, type MessageKey, type Translate, translator } from "../i18n/catalogue.ts";
import { formatCount } from "../model/format.ts";
import { memoryStyles } from "./memory-styles.ts";

/** The kinds of frames, in the order in which the bar has them, each with its look. */
const KINDS: readonly (readonly [
  kind: Exclude<keyof FrameUsage, "total" | "pinned">,
  look: string,
  text: MessageKey,
])[] = [
  ["reserved", "reserved", "frames_reserved"],
  ["slab", "slab", "frames_slab"],
  ["pageTables", "tables", "frames_page_tables"],
  ["user", "user", "frames_user"],
  ["activeFile", "file", "frames_active"],
  ["inactiveFile", "inactive", "frames_inactive"],
  ["unlistedFile", "unlisted", "frames_unlisted"],
  ["other", "other", "frames_other"],
  ["free", "free", "frames_free"],
];

/** What memory is used for at the moment shown, and how the step has changed that: page frames, and slab caches. */
@customElement("iop-memory")
export class IopMemory extends LitElement {
  static override styles = [shared, memoryStyles];

  @property() locale: Locale = "en";
  /** The machine's memory; null: there is no machine. */
  @property({ attribute: false }) memory: KernelMemory | null = null;
  /** As it was when the step began. */
  @property({ attribute: false }) since: KernelMemory | null = null;
  @state() private open = false;
  #now: MemoryUsage | null = null;
  #before: MemoryUsage | null = null;

  protected override willUpdate(changes: PropertyValues): void {
    if (!this.open || !["open", "memory", "since"].some((name) => changes.has(name))) return;
    this.#now = this.memory && memoryUsage(this.memory);
    this.#before = this.since && memoryUsage(this.since);
  }

  override render(): TemplateResult {
    const t = translator(this.locale);
    return html`<details @toggle=${this.#toggled}>
      <summary><h2>${t("memory")}</h2></summary>
      ${this.open && this.#now ? this.#usage(this.#now, t) : nothing}
    </details>`;
  }

  readonly #toggled = (event: Event) => {
    this.open = (event.currentTarget as HTMLDetailsElement).open;
  };

  #usage({ frames, caches }: MemoryUsage, t: Translate): TemplateResult {
    const before = new Map(this.#before?.caches.map((cache) => [cache.name, cache]));
    return html`<div class="bar" aria-hidden="true">
        ${KINDS.filter(([kind]) => frames[kind] > 0).map(
          ([kind, look]) => html`<i class=${look} style="flex: ${frames[kind]} 0 2px"></i>`,
        )}
      </div>
      <table>
        <caption>
          ${t("frames_caption", { count: formatCount(frames.total) })}
        </caption>
        <thead>
          <tr>
            <th scope="col">${t("frames_kind")}</th>
            <th scope="col">${t("frames_count")}</th>
            <th scope="col">${t("frames_step")}</th>
          </tr>
        </thead>
        <tbody>
          ${KINDS.map(([kind, look, text]) => this.#frames(kind, t(text), look))}
          ${this.#frames("pinned", t("frames_pinned"), "")}
        </tbody>
      </table>
      <table>
        <caption>
          ${t("caches_caption")}
        </caption>
        <thead>
          <tr>
            <th scope="col">${t("cache_name")}</th>
            <th scope="col">${t("cache_in_use")}</th>
            <th scope="col">${t("frames_step")}</th>
          </tr>
        </thead>
        <tbody>
          ${caches.map((cache) => this.#cache(cache, before.get(cache.name)))}
        </tbody>
      </table>`;
  }

  #frames(kind: keyof FrameUsage, text: string, look: string): TemplateResult {
    const count = this.#now!.frames[kind];
    const more = count - (this.#before?.frames[kind] ?? count);
    return html`<tr class=${more === 0 ? "" : "changed"}>
      <th scope="row">${look ? html`<span class="key ${look}" aria-hidden="true"></span>` : nothing}${text}</th>
      <td>${formatCount(count)}</td>
      <td class="more">${difference(more)}</td>
    </tr>`;
  }

  #cache({ name, inUse, objects, objectsPerSlab, objectSize, bytes }: CacheUsage, before?: CacheUsage): TemplateResult {
    const t = translator(this.locale);
    const more = this.#before ? inUse - (before?.inUse ?? 0) : 0;
    const size = t("cache_size", { count: objectsPerSlab, size: objectSize, bytes: formatCount(bytes) });
    return html`<tr class=${more === 0 ? "" : "changed"}>
      <th scope="row">${name} <span class="size quiet">${size}</span></th>
      <td>${inUse} / ${objects}</td>
      <td class="more">${difference(more)}</td>
    </tr>`;
  }
}

/** `+1`, `−2`; empty: nothing has changed. */
function difference(count: number): string {
  if (count === 0) return "";
  return count > 0 ? `+${formatCount(count)}` : `−${formatCount(-count)}`;
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-memory": IopMemory;
  }
}
