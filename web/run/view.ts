import { type TemplateResult, html, nothing } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { objectsOf } from "../../lib/see/inspect.ts";
import type { Violation } from "../../lib/see/invariants.ts";
import { saying } from "../app/events.ts";
import type { Locale, MessageKey, Translate } from "../i18n/catalogue.ts";
import type { Picture } from "../layout/picture.ts";
import type { Breakpoint } from "../model/breakpoints.ts";
import type { Frame } from "../model/frame.ts";
import type { Grain } from "../model/run.ts";
import { inspectWhole } from "../model/near.ts";
import { type SearchResult, search } from "../model/search.ts";
import { standingsOf } from "../model/standing.ts";
import { type Selection, lookAt, titleOf } from "../model/selection.ts";
import type { StageSight } from "../model/stage-sight.ts";
import type { Session } from "../model/session.ts";
import { SCENARIOS } from "../scenarios/all.ts";
import type { Facts } from "../scenarios/questions/question.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import type { SharedRun } from "../share/share.ts";
import { sentenceOf, upcomingOf } from "./sentence.ts";
import { shareView } from "./share-view.ts";
import { sharedRunOf } from "./shared-run.ts";
import { narrowedTo, stageTools } from "./stage-tools.ts";
import "../panels/iop-calls.ts";
import "../panels/iop-counters.ts";
import "../panels/iop-inspector.ts";
import "../panels/iop-memory.ts";
import "../panels/iop-program.ts";
import "../panels/iop-question.ts";
import "../panels/iop-stack.ts";
import "../stage/iop-stage.ts";
import type { Workbench } from "./workbench.ts";
import "./iop-run-bar.ts";
import "./iop-timeline-panel.ts";
import "./iop-transport.ts";
import "./iop-what-if.ts";

const TABS = ["question", "stage", "program", "calls", "stack", "inspector", "timeline"] as const;

/** What is shown where there is room for one panel only. */
export type Tab = (typeof TABS)[number];

/** Everything that the page of a run shows. */
export interface View {
  readonly locale: Locale;
  readonly translate: Translate;
  readonly session: Session | null;
  readonly scenario: Scenario | null;
  /** Whether somebody asks what could go differently. */
  readonly asking: boolean;
  /** Text of the programs; empty: there is none. */
  readonly source: string;
  /** Where it is edited. */
  readonly bench: Pick<Workbench, "draft" | "running" | "outcome" | "isEdited" | "isChanged" | "boot">;
  /** What somebody thinks the answer is; -1: no guess yet. */
  readonly guess: number;
  /** What a question's program has found out; null: the scenario is no question. */
  readonly facts: Facts | null;
  /** Null: nothing has run yet. */
  readonly frame: Frame | null;
  /** Rules of the kernel's structures that do not hold; null: that is still being looked at. */
  readonly violations: readonly Violation[] | null;
  /** Null: the room for it is not known yet. */
  readonly picture: Picture | null;
  readonly moving: boolean;
  readonly tick: number;
  readonly grain: Grain;
  readonly playing: boolean;
  readonly speed: number;
  readonly selection: Selection | null;
  /** What was selected before, the oldest first. */
  readonly trail: readonly Selection[];
  readonly searched: string;
  readonly breakpoints: readonly Breakpoint[];
  readonly tab: Tab;
  /** How large the stage is drawn: 1 fits the room. */
  readonly zoom: number;
  /** What of the machine is drawn on it. */
  readonly sight: StageSight;
  /** What is being loaded; empty: nothing. */
  readonly loading: string;
  /** Whether what is on the stage is to be taken away. */
  readonly sharing: boolean;
  /** The drawing as it is now; null: there is none yet. */
  readonly drawing: () => SVGSVGElement | null;
}

/** The page of a run. What is done in it comes up as events. */
export function runView(view: View): TemplateResult {
  const { locale, translate, scenario, session, frame, tab } = view;
  const isRecording = scenario !== null && !SCENARIOS.includes(scenario);
  return html`<iop-run-bar
      .locale=${locale}
      .scenarios=${SCENARIOS}
      .current=${scenario && !isRecording ? scenario.id : ""}
      .recording=${isRecording ? scenario.title[locale] : ""}
      ><button ?disabled=${!session} aria-keyshortcuts="s" @click=${saying("iop-share")}>
        ${translate("share")}
      </button></iop-run-bar
    >
    <iop-what-if .locale=${locale} .run=${changeable(view)} .frame=${frame} .open=${view.asking}></iop-what-if>
    <nav class="tabs" aria-label=${translate("panels")}>
      ${TABS.filter((name) => name !== "question" || scenario?.question).map((name) => tabButton(name, view))}
    </nav>
    <main
      class=${classMap({ away: tab === "timeline", asking: !!scenario?.question, editing: view.bench.draft !== null })}
      aria-busy=${view.loading !== ""}
    >
      ${leftSide(view)} ${centre(view)} ${rightSide(view)}
    </main>
    ${transport(view)}
    <iop-timeline-panel
      class=${panel("timeline", tab)}
      .locale=${locale}
      .session=${session}
      .tick=${view.tick}
      .breakpoints=${view.breakpoints}
      .selection=${view.selection}
      .chosen=${tab === "timeline"}
    ></iop-timeline-panel>
    ${view.sharing ? shareView(view) : nothing}`;
}

/** What is run: the question, the program, its calls. */
function leftSide(view: View): TemplateResult {
  const { locale, scenario, session, frame, tab } = view;
  return html`<div class="side left">
    <iop-question
      class=${panel("question", tab)}
      ?hidden=${!scenario?.question}
      .locale=${locale}
      .question=${scenario?.question ?? null}
      .guess=${view.guess}
      .facts=${view.facts}
      .edited=${view.bench.isEdited}
      .tick=${view.tick}
      .answered=${session?.run.answered ?? 0}
    ></iop-question>
    <iop-program
      class=${panel("program", tab)}
      .locale=${locale}
      .source=${view.source}
      .draft=${view.bench.draft}
      .edited=${view.bench.isEdited}
      .changed=${view.bench.isChanged}
      .running=${view.bench.running}
      .outcome=${view.bench.outcome}
      .calling=${session?.lines?.calling ?? NO_LINES}
      .standings=${session?.lines && frame ? standingsOf(frame, session.lines) : []}
    ></iop-program>
    <iop-calls
      class=${panel("calls", tab)}
      .locale=${locale}
      .calls=${session?.run.calls ?? []}
      .texts=${session?.texts ?? null}
      .current=${session?.run.callAt(view.tick) ?? -1}
    ></iop-calls>
  </div>`;
}

/** The stage, with what is said above and below it. */
function centre(view: View): TemplateResult {
  const { locale, translate, session, frame, tab } = view;
  return html`<section class="centre ${panel("stage", tab)}" aria-label=${translate("panel_stage")} tabindex="0">
    ${view.loading && !frame ? html`<p class="loading" role="status">${view.loading}</p>` : nothing}
    ${
      frame?.upcoming
        ? html`<p class="upcoming"><b>${translate("upcoming")}</b> ${upcomingOf(frame, locale)}</p>`
        : nothing
    }
    ${frame ? narrowedTo(frame, view.sight.focus, translate) : nothing}
    ${frame && session && hasEnded(frame) ? endNote(session.run.answered, translate) : nothing}
    <iop-stage
      .picture=${frame ? view.picture : null}
      .changed=${frame?.changed ?? new Set()}
      .concerned=${frame?.concerned ?? new Set()}
      .moving=${view.moving}
      .selected=${view.selection?.address ?? 0}
      .label=${translate("stage")}
      .zoom=${view.zoom}
    ></iop-stage>
    ${frame ? html`<div class="foot">${legend(translate)} ${stageTools(view)}</div>` : nothing}
  </section>`;
}

/** What is inside: the stack, the chosen object, counters, memory. */
function rightSide(view: View): TemplateResult {
  const { locale, translate, frame, tab } = view;
  return html`<div class="side right" role="group" aria-label=${translate("panel_inspector")} tabindex="0">
    <iop-stack
      tabindex="0"
      class=${panel("stack", tab)}
      .locale=${locale}
      .cpus=${frame ? objectsOf(frame.inspection, "Cpu") : []}
    ></iop-stack>
    ${inspector(view)}
    <iop-counters
      class=${panel("inspector", tab)}
      .locale=${locale}
      .counters=${frame?.counters ?? null}
      .since=${frame?.before.counters ?? null}
      .violations=${view.violations}
      .busy=${frame ? isBusy(frame) : false}
    ></iop-counters>
    <iop-memory
      class=${panel("inspector", tab)}
      .locale=${locale}
      .memory=${frame?.memory ?? null}
      .since=${frame?.before.memory ?? null}
    ></iop-memory>
  </div>`;
}

/** What can be run once more, with something done differently; null: a recording is what it is. */
function changeable({ scenario, source, bench }: View): SharedRun | null {
  return scenario && !scenario.recorded ? sharedRunOf(scenario.id, source, bench.isEdited, bench.boot) : null;
}

/** What a search finds that is for nothing. */
const NOTHING: SearchResult = { found: [], count: 0 };

/** Of a run whose programs have no text. */
const NO_LINES: ReadonlySet<number> = new Set();

function panel(name: Tab, chosen: Tab): string {
  return name === chosen ? "panel chosen" : "panel";
}

function tabButton(name: Tab, { tab, translate }: View): TemplateResult {
  const key: MessageKey = `panel_${name}`;
  return html`<button aria-pressed=${name === tab} @click=${saying("iop-tab", { tab: name })}>
    ${translate(key)}
  </button>`;
}

function inspector({ locale, frame, selection, trail, searched, tab }: View): TemplateResult {
  const inspected = frame && selection ? lookAt(frame, selection) : null;
  const last = trail.at(-1);
  return html`<iop-inspector
    class=${panel("inspector", tab)}
    .locale=${locale}
    .inspected=${inspected}
    .gone=${selection !== null && inspected === null}
    .previous=${frame && last ? titleOf(frame, last) : ""}
    .query=${searched}
    .results=${frame && searched.trim() !== "" ? search(inspectWhole(frame.memory), searched) : NOTHING}
  ></iop-inspector>`;
}

function transport({ locale, translate, session, frame, tick, grain, speed, playing, loading }: View): TemplateResult {
  const sentence = frame ? sentenceOf(frame, locale) : loading || translate("no_run");
  return html`<iop-transport
    .locale=${locale}
    .tick=${tick}
    .ticks=${session?.run.ticks ?? 0}
    .time=${frame?.time ?? 0}
    .grain=${grain}
    .speed=${speed}
    .playing=${playing}
    .disabled=${session === null}
    .sentence=${sentence}
    .event=${frame?.record?.event ?? ""}
    .phases=${frame?.phases ?? []}
  ></iop-transport>`;
}

/** Whether all programs of a machine have ended: then hardly anything of them is left to be seen. */
function hasEnded({ tick, inspection }: Frame): boolean {
  const tasks = objectsOf(inspection, "TaskStruct").filter(({ kthread }) => !kthread);
  return tick > 0 && tasks.every(({ state }) => state === "ZOMBIE");
}

/** Says why the stage is empty, and leads back to where it was not. */
function endNote(last: number, translate: Translate): TemplateResult {
  return html`<p class="upcoming">
    ${translate("all_ended")}
    ${last > 0 ? html`<button @click=${saying("iop-seek", { tick: last })}>${translate("all_ended_back")}</button>` : nothing}
  </p>`;
}

/** Whether the machine is in the middle of a kernel function. */
function isBusy({ inspection }: Frame): boolean {
  return objectsOf(inspection, "Cpu").some(({ stack }) => stack.length > 0);
}

function legend(translate: Translate): TemplateResult {
  return html`<ul class="legend" aria-label=${translate("legend")}>
    <li><i class="changed"></i>${translate("legend_changed")}</li>
    <li><i class="copy"></i>${translate("legend_copy")}</li>
    <li><i class="dma"></i>${translate("legend_dma")}</li>
    <li><i class="reference"></i>${translate("legend_reference")}</li>
    <li><i class="red">R</i>${translate("legend_red")}</li>
    <li><i class="black">B</i>${translate("legend_black")}</li>
  </ul>`;
}
