import type { CpuObject, FilesObject, PollWqueuesObject, TaskObject } from "../../lib/see/inspect.ts";
import { formatTime } from "../model/format.ts";
import { type Box, type Chip, type Row, keyOf } from "./scene.ts";
import { LIMITS, type SceneContext, textRow } from "./context.ts";
import { connectionTitle } from "./sockets.ts";
import { areaRow } from "./pages.ts";
import { signalRow } from "./signals.ts";

/** The tasks, in order of birth. */
export function taskBoxes(context: SceneContext): Box[] {
  const tasks = context.all("TaskStruct").sort((a, b) => a.pid - b.pid);
  const { shown, more } = context.fold(
    "tasks",
    tasks,
    LIMITS.task,
    (task) => task.running || context.focus.has(task.address),
  );
  const boxes = shown.map((task) => taskBox(context, task));
  return more > 0 ? [...boxes, moreBox(context, "tasks", "task", more)] : boxes;
}

/** A box that stands for those that are not shown. */
export function moreBox(context: SceneContext, group: string, place: Box["place"], count: number): Box {
  const chip = context.more(group, count);
  const row: Row = { key: `${chip.key}:row`, name: "", text: "", chips: [chip], more: 0, tall: false };
  return {
    key: `${chip.key}:box`,
    address: 0,
    struct: "",
    place,
    hue: "wait",
    word: "",
    title: "",
    note: "",
    tabs: [],
    rows: [row],
    tree: null,
    label: chip.label,
  };
}

function taskBox(context: SceneContext, task: TaskObject): Box {
  const { translate } = context;
  const key = keyOf(task.address);
  const state = stateOf(context, task);
  const rows = [textRow(`${key}:call`, "", doingOf(context, task)), textRow(`${key}:state`, "", state)];
  const signals = signalRow(context, task);
  if (signals) rows.push(signals);
  rows.push(...areaRow(context, task.mm, key));
  const polls = pollOf(context, task);
  if (polls) rows.push(pollRow(context, polls));
  return {
    key,
    address: task.address,
    struct: "TaskStruct",
    place: "task",
    hue: "task",
    word: task.comm,
    title: `pid ${task.pid}`,
    note: "",
    tabs: [],
    rows,
    tree: null,
    label: [
      `${translate("word_task")} ${task.comm}, pid ${task.pid}: ${state}`,
      ...(task.call ? [task.call] : []),
      ...(signals?.chips.map(({ text }) => text) ?? []),
    ].join(", "),
  };
}

/** The system call that a task is in, or where else its program is. */
function doingOf({ translate }: SceneContext, { call, kthread, state, handlers }: TaskObject): string {
  if (call !== null) return call;
  if (kthread) return translate("context_KTHREAD");
  if (state === "ZOMBIE") return "";
  const signal = handlers.at(-1);
  return signal === undefined ? translate("user_mode") : translate("in_handler", { signal });
}

/** The call of poll() or select() in which a task is. */
function pollOf(context: SceneContext, task: TaskObject): PollWqueuesObject | undefined {
  return context.all("PollWqueues").find((polls) => polls.task === task.address);
}

/** The places of such a call in wait queues, the oldest first: links lead to them, as they lead to epitems. */
function pollRow(context: SceneContext, polls: PollWqueuesObject): Row {
  const { translate } = context;
  const chips = polls.entries.toReversed().flatMap((address): Chip[] => {
    const entry = context.get("PollTableEntry", address);
    if (!entry) return [];
    const text = entry.title.replace(/^poll_table_entry ?/, "") || "?";
    const label = translate("poll_entry_label", { fd: text, key: entry.key });
    return [{ key: keyOf(address), address, struct: "PollTableEntry", hue: "task", look: "plain", text, label }];
  });
  const isSelect = polls.title.startsWith("select");
  const name = translate(isSelect ? "row_select" : "row_poll");
  const text = translate(isSelect ? "select_asks" : "poll_asks", { count: polls.nfds });
  return context.row(`${keyOf(polls.address)}:poll`, name, chips, { text });
}

/** What a task is doing, with a sign before it that does not depend on colour. */
function stateOf(context: SceneContext, task: TaskObject): string {
  const { translate } = context;
  if (task.state === "ZOMBIE") return `× ${translate("state_ended")}`;
  if (task.running) return `▶ ${translate("state_running", { cpu: task.cpu })}`;
  if (task.adopted && task.call === null) return `⇢ ${translate("state_outside")}`;
  if (task.state === "RUNNING") return `… ${translate("state_runnable")}`;
  if (task.state === "STOPPED") return `■ ${translate("state_stopped")}`;
  const { sleepsOn } = task;
  const polls = pollOf(context, task)?.entries.length ?? 0;
  const owner = sleepsOn ? ownerOf(context, sleepsOn.owner, sleepsOn.name) : "";
  const alarm = task.alarm === null ? "" : `, ${translate("alarm", { time: formatTime(task.alarm) })}`;
  const where = owner
    ? translate("state_sleeping_on", { what: owner })
    : polls > 0
      ? translate("state_polling", { count: polls })
      : translate("state_sleeping");
  return `☾ ${where}${alarm}`;
}

/** `eventpoll.wq`, `socket.wait`. */
function ownerOf(context: SceneContext, owner: number, name: string): string {
  const title = context.title(owner);
  return title ? `${title} · ${name}` : name;
}

/** The CPUs, with what they are doing. */
export function cpuBoxes(context: SceneContext): Box[] {
  return context.all("Cpu").map((cpu) => cpuBox(context, cpu));
}

const CONTEXTS = ["IDLE", "USER", "SYSCALL", "HARDIRQ", "SOFTIRQ", "KTHREAD"] as const;

function cpuBox(context: SceneContext, cpu: CpuObject): Box {
  const { translate } = context;
  const key = keyOf(cpu.address);
  const known = CONTEXTS.find((name) => name === cpu.context) ?? "IDLE";
  const doing = translate(`context_${known}`);
  const task = context.get("TaskStruct", cpu.curr);
  const rows = [
    textRow(`${key}:context`, "", doing),
    textRow(`${key}:task`, "", task ? `${task.comm} (${task.pid})` : ""),
  ];
  if (cpu.softirqs !== "0") rows.push(textRow(`${key}:softirq`, "softirq", cpu.softirqs));
  return {
    key,
    address: cpu.address,
    struct: "Cpu",
    place: "device",
    hue: "device",
    word: `CPU ${cpu.id}`,
    title: "",
    note: "",
    tabs: [],
    rows,
    tree: null,
    label: `CPU ${cpu.id}: ${doing}${task ? `, ${task.title}` : ""}`,
  };
}

/** The descriptor tables, with a row for each descriptor. */
export function tableBoxes(context: SceneContext): Box[] {
  const { translate } = context;
  const all = context.all("FilesStruct");
  return all.map((files): Box => {
    const key = keyOf(files.address);
    const users = context.all("TaskStruct").filter((task) => task.files === files.address && task.state !== "ZOMBIE");
    const { shown, more } = context.fold(key, files.fds, LIMITS.fd, ({ file }) => isInFocus(context, file), files.left);
    const chips = together(context, shown).map(([fds, file]): Chip => {
      const title = shortTitle(context, file);
      return {
        key: `${key}:${fds}`,
        address: file,
        struct: "File",
        hue: "file",
        look: "plain",
        text: `${fds}\t${title}`,
        label: `fd ${fds}: ${title}`,
      };
    });
    if (more > 0) chips.push(context.more(key, more));
    const tasks = users.map(({ comm }) => comm).join(", ");
    return {
      key,
      address: files.address,
      struct: "FilesStruct",
      place: "table",
      hue: "file",
      word: translate("word_table"),
      title: ownersOf(users, all.length > 1),
      note: "",
      tabs: [],
      rows: [
        { key: `${key}:fds`, name: "", text: chips.length > 0 ? "" : translate("empty"), chips, more: 0, tall: true },
      ],
      tree: null,
      label: `${translate("word_table")} ${tasks ? translate("table_of", { tasks }) : ""}`,
    };
  });
}

/** Descriptors with their files; those in a row that stand for something outside, such as 0, 1 and 2, are one: `0–2`. */
function together(context: SceneContext, fds: FilesObject["fds"]): [fds: string, file: number][] {
  const isOutside = (file: number) => context.get("File", file)?.kind === "OUTSIDE" && !context.focus.has(file);
  const runs: { first: number; last: number; file: number }[] = [];
  for (const { fd, file } of fds) {
    const before = runs.at(-1);
    if (before && before.last === fd - 1 && isOutside(before.file) && isOutside(file)) before.last = fd;
    else runs.push({ first: fd, last: fd, file });
  }
  return runs.map(({ first, last, file }) => [first === last ? String(first) : `${first}–${last}`, file]);
}

/** Whose table it is: `server`, `worker×2`; of several tables, `server 1` by the number of the task. */
function ownersOf(users: readonly TaskObject[], isOneOfMany: boolean): string {
  const names = new Map<string, number>();
  for (const { comm } of users) names.set(comm, (names.get(comm) ?? 0) + 1);
  const [only, ...others] = users;
  if (only && others.length === 0 && isOneOfMany) return `${only.comm} ${only.pid}`;
  return [...names].map(([name, count]) => (count > 1 ? `${name}×${count}` : name)).join(", ");
}

function isInFocus(context: SceneContext, file: number): boolean {
  if (context.focus.has(file)) return true;
  const object = context.get("File", file);
  return object !== undefined && context.focus.has(object.private_data);
}

/** What a descriptor stands for, in two words: `:8080 listening`, `eventpoll`. */
function shortTitle(context: SceneContext, file: number): string {
  const object = context.get("File", file);
  if (!object) return "?";
  const socket = context.get("Socket", object.private_data);
  if (socket) return connectionTitle(context.title(socket.sk)).replace(/ listening$/, " listen") || "socket";
  if (object.kind === "OUTSIDE") return context.translate("outside");
  const inode = context.get("Inode", object.private_data);
  if (inode) return inode.name.split("/").at(-1) || inode.name;
  if (context.get("IoRingCtx", object.private_data)) return "io_uring";
  if (object.kind !== "PIPE") return object.kind.toLowerCase();
  const name = context.all("Inode").some(({ pipe }) => pipe === object.private_data) ? "fifo" : "pipe";
  return `${name} ${object.mode.includes("READ") ? "r" : ""}${object.mode.includes("WRITE") ? "w" : ""}`;
}
