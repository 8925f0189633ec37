import type { MessageKey } from "../i18n/catalogue.ts";

/** What a key can do. */
export type Command =
  | "step"
  | "back"
  | "call"
  | "call_back"
  | "first"
  | "last"
  | "play"
  | "grain_syscall"
  | "grain_function"
  | "grain_tick"
  | "timeline"
  | "hit"
  | "hit_back"
  | "search"
  | "share"
  | "what_if"
  | "narrow"
  | "next_passage"
  | "previous_passage"
  | "help"
  | "escape";

/** A key with what it does; the help lists them. */
interface KeyBinding {
  readonly keys: readonly string[];
  readonly text: MessageKey;
}

/** All keys, in the order of the help. */
export const KEYS: readonly KeyBinding[] = [
  { keys: ["→"], text: "key_step" },
  { keys: ["←"], text: "key_step_back" },
  { keys: ["Shift →"], text: "key_call" },
  { keys: ["Shift ←"], text: "key_call_back" },
  { keys: ["Home"], text: "key_first" },
  { keys: ["End"], text: "key_last" },
  { keys: ["Space"], text: "key_play" },
  { keys: ["1", "2", "3"], text: "key_grain" },
  { keys: ["N"], text: "key_hit" },
  { keys: ["Shift N"], text: "key_hit_back" },
  { keys: ["T"], text: "key_timeline" },
  { keys: ["Shift ←", "Shift →", "PageUp", "PageDown", "+", "-", "0"], text: "key_on_timeline" },
  { keys: ["/"], text: "key_search" },
  { keys: ["S"], text: "key_share" },
  { keys: ["Ctrl Enter"], text: "key_run_program" },
  { keys: ["W"], text: "key_what_if" },
  { keys: ["F"], text: "key_narrow" },
  { keys: ["J", "K"], text: "key_passage" },
  { keys: ["?"], text: "key_help" },
  { keys: ["Esc"], text: "key_escape" },
];

const COMMANDS: Readonly<Record<string, Command>> = {
  ArrowRight: "step",
  ArrowLeft: "back",
  Home: "first",
  End: "last",
  " ": "play",
  1: "grain_syscall",
  2: "grain_function",
  3: "grain_tick",
  t: "timeline",
  n: "hit",
  N: "hit_back",
  "/": "search",
  s: "share",
  w: "what_if",
  f: "narrow",
  j: "next_passage",
  k: "previous_passage",
  "?": "help",
  Escape: "escape",
};

/** What an element does with keys itself. */
function keeps(element: Element, key: string): boolean {
  if (element instanceof HTMLElement && element.isContentEditable) return true;
  const tag = element.localName;
  if (tag === "textarea" || tag === "select") return key !== "Escape";
  if (tag === "input") return (element as HTMLInputElement).type !== "range" && key !== "Escape";
  const isButton = tag === "button" || tag === "summary" || tag === "a" || element.getAttribute("role") === "button";
  return isButton && key === " ";
}

/** What a key press asks for; null: nothing, or it is meant for the element that has the focus. */
export function commandOf(event: KeyboardEvent): Command | null {
  if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return null;
  const path = event.composedPath();
  // What is typed in a dialog is meant for the dialog.
  if (path.some((node) => node instanceof HTMLDialogElement)) return null;
  const [target] = path;
  if (target instanceof Element && keeps(target, event.key)) return null;
  const command = COMMANDS[event.key] ?? null;
  if (!event.shiftKey || command === "help" || command === "hit_back") return command;
  return command === "step" ? "call" : command === "back" ? "call_back" : null;
}
