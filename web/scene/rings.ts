import type { AioRingObject, IoRingCtxObject, IoRingsObject, KioctxObject, SqeView } from "../../lib/see/inspect.ts";
import { type Box, type Chip, type Link, type Row, keyOf } from "./scene.ts";
import { LIMITS, type SceneContext, filesOf, textRow } from "./context.ts";
import { fileTab } from "./sockets.ts";
import { kiocbChip, requestChips } from "./requests.ts";

/** A ring with more slots than this is drawn from the first one that is in use. */
const MOST_SLOTS = 8;

/** What the kernel has of rings: those of io_uring(7), and the contexts of io_setup(2), with their requests. */
export function contextBoxes(context: SceneContext): Box[] {
  return [
    ...context.all("IoRingCtx").map((ring) => ioRingCtxBox(context, ring)),
    ...context.all("Kioctx").map((ctx) => kioctxBox(context, ctx)),
  ];
}

function ioRingCtxBox(context: SceneContext, ring: IoRingCtxObject): Box {
  const { translate } = context;
  const key = keyOf(ring.address);
  const rows = [
    context.row(`${key}:requests`, "", requestChips(context, ring.reqs), {
      tall: true,
      text: translate("no_requests"),
    }),
  ];
  if (ring.sq_thread !== 0) rows.push(threadRow(context, ring, key));
  if (ring.overflow > 0) rows.push(textRow(`${key}:overflow`, translate("row_overflow"), String(ring.overflow)));
  for (const queue of ring.waitQueues) {
    if (queue.name === "cq_wait") rows.push(context.waitRow(queue, translate("row_wait")));
    else if (queue.waiters.length > 0) rows.push(context.waitRow(queue, queue.name));
  }
  const workers = ring.workers > 0 ? translate("ring_workers", { count: ring.workers }) : "";
  return {
    key,
    address: ring.address,
    struct: "IoRingCtx",
    place: "object",
    hue: "socket",
    word: "io_uring",
    title: ring.flags === "0" ? "" : ring.flags,
    note: workers,
    tabs: filesOf(context, ring.address).map((file) => fileTab(context, file)),
    rows,
    tree: null,
    label: [ring.title, workers].filter(Boolean).join(", "),
  };
}

/** The thread that looks for entries, so that submitting them is no system call. */
function threadRow(context: SceneContext, { sq_thread }: IoRingCtxObject, key: string): Row {
  const task = context.get("TaskStruct", sq_thread);
  const text = task ? `${task.comm} (${task.pid})` : "?";
  const chip: Chip = {
    key: `${key}:thread`,
    address: sq_thread,
    struct: "TaskStruct",
    hue: "task",
    look: "plain",
    text,
    label: context.translate("ring_thread_label", { text }),
  };
  return context.row(`${key}:threads`, context.translate("row_thread"), [chip]);
}

function kioctxBox(context: SceneContext, ctx: KioctxObject): Box {
  const { translate } = context;
  const key = keyOf(ctx.address);
  const requests = context.all("AioKiocb").filter((request) => request.ctx === ctx.address);
  const chips = requests.map((request) => kiocbChip(context, request));
  const rows = [
    context.row(`${key}:requests`, "", chips, { tall: true, text: translate("no_requests"), limit: LIMITS.request }),
  ];
  for (const queue of ctx.waitQueues) {
    if (queue.name === "wait") rows.push(context.waitRow(queue, translate("row_wait")));
    else if (queue.waiters.length > 0) rows.push(context.waitRow(queue, queue.name));
  }
  return {
    key,
    address: ctx.address,
    struct: "Kioctx",
    place: "object",
    hue: "socket",
    word: "kioctx",
    title: ctx.user_id,
    note: "",
    tabs: [],
    rows,
    tree: null,
    label: `${ctx.title}, ${translate("slots_free", { count: ctx.available })}`,
  };
}

/** The rings that programs and the kernel share: they lie on the line between the two. */
export function sharedBoxes(context: SceneContext): Box[] {
  return [
    ...context.all("IoRings").map((rings) => ioRingsBox(context, rings)),
    ...context.all("AioRing").map((ring) => aioRingBox(context, ring)),
  ];
}

function ioRingsBox(context: SceneContext, rings: IoRingsObject): Box {
  const { translate } = context;
  const key = keyOf(rings.address);
  const { sqHead, sqTail, cqHead, cqTail, sq_entries, cq_entries, sqFlags } = rings;
  const entries = new Map(rings.sqes.map((sqe) => [sqe.index, sqeText(sqe)]));
  const completions = new Map(rings.cqes.map(({ index, user_data, res }) => [index, `${user_data}: ${res}`]));
  const heads = `sq head ${sqHead} tail ${sqTail} · cq head ${cqHead} tail ${cqTail}`;
  return sharedBox(context, rings, {
    word: translate("word_rings"),
    rows: [
      slotsRow(`${key}:sq`, "sq", slotChips(`${key}:sq`, sq_entries, sqHead, entries)),
      slotsRow(`${key}:cq`, "cq", slotChips(`${key}:cq`, cq_entries, cqHead, completions)),
      {
        ...textRow(`${key}:heads`, "", sqFlags === "0" ? heads : `${heads} · ${sqFlags}`),
        hint: translate("hint_rings"),
      },
    ],
    label: translate("rings_label", {
      entries: [...entries.values()].join(", "),
      completions: [...completions.values()].join(", "),
    }),
  });
}

/** `READ fd 5`, with an arrow if the next entry follows it. */
function sqeText({ opcode, fd, flags }: SqeView): string {
  const what = fd < 0 ? opcode : `${opcode} fd ${fd}`;
  return /LINK/.test(flags) ? `${what} →` : what;
}

function aioRingBox(context: SceneContext, ring: AioRingObject): Box {
  const { translate } = context;
  const key = keyOf(ring.address);
  const { nr, head, tail } = ring;
  const events = new Map(
    ring.events.map(({ index, data, obj, res }) => [index, `${data === "0" ? obj : data}: ${res}`]),
  );
  return sharedBox(context, ring, {
    word: translate("word_aio_ring"),
    rows: [
      slotsRow(`${key}:slots`, "", slotChips(key, nr, head, events)),
      { ...textRow(`${key}:heads`, "", `head ${head} tail ${tail} · nr ${nr}`), hint: translate("hint_aio_ring") },
    ],
    label: translate("aio_ring_label", { events: [...events.values()].join(", ") }),
  });
}

function sharedBox(
  { translate }: SceneContext,
  { address, struct }: IoRingsObject | AioRingObject,
  said: Pick<Box, "word" | "rows" | "label">,
): Box {
  const note = translate("shared_memory");
  return {
    key: keyOf(address),
    address,
    struct,
    place: "shared",
    hue: "page",
    title: "",
    note,
    tabs: [],
    tree: null,
    ...said,
  };
}

function slotsRow(key: string, name: string, chips: readonly Chip[]): Row {
  return { key, name, text: "", chips, more: 0, tall: false };
}

/** The slots of a ring in their places; of a large one those from its head on. What lies in them is full. */
function slotChips(key: string, slots: number, head: number, texts: ReadonlyMap<number, string>): Chip[] {
  const isSmall = slots <= MOST_SLOTS;
  const chips = Array.from({ length: Math.min(slots, MOST_SLOTS) }, (_, i): Chip => {
    // The number of what lies in a slot, or will next: slots are used in turns.
    const index = isSmall ? head + ((((i - head) % slots) + slots) % slots) : head + i;
    const text = texts.get(index) ?? "";
    const look = text === "" ? "free" : "bytes";
    return { key: `${key}:slot:${isSmall ? i : index}`, address: 0, struct: "", hue: "page", look, text, label: "" };
  });
  const drawn = new Set(chips.map(({ text }) => text));
  const hidden = isSmall ? [] : [...texts].slice(MOST_SLOTS).filter(([, text]) => !drawn.has(text));
  return hidden.length > 0 ? [...chips, moreChip(key, hidden.length)] : chips;
}

function moreChip(key: string, count: number): Chip {
  return { key: `${key}:more`, address: 0, struct: "", hue: "wait", look: "slot", text: `+${count}`, label: "" };
}

/** Links from what the kernel has of a ring to the memory of the ring, and on to the tasks that have it mapped. */
export function sharedLinks(context: SceneContext): Link[] {
  const links: Link[] = [];
  const add = (from: number, to: number) => {
    const key = `shared:${keyOf(from)}:${keyOf(to)}`;
    links.push({ key, kind: "shared", from: keyOf(from), to: keyOf(to), ends: [from, to] });
  };
  for (const { address, rings, submitter } of context.all("IoRingCtx")) {
    if (!context.get("IoRings", rings)) continue;
    add(address, rings);
    if (context.get("TaskStruct", submitter)) add(rings, submitter);
  }
  for (const { address, ring, mm } of context.all("Kioctx")) {
    if (!context.get("AioRing", ring)) continue;
    add(address, ring);
    const user = context.all("TaskStruct").find((task) => task.mm === mm && !task.kthread);
    if (user) add(ring, user.address);
  }
  return links;
}
