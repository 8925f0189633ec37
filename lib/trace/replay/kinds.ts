import { flagNames, nameOf } from "../strace/access.ts";
import type { StraceAnnotation, StraceCall } from "../strace/types.ts";
import type { RecordedKind } from "./recorded.ts";
import { hasFlag } from "./call_facts.ts";

const ANONYMOUS: Readonly<Record<string, RecordedKind>> = {
  "[eventpoll]": "eventpoll",
  "[eventfd]": "eventfd",
  "[timerfd]": "timerfd",
};

const MADE_BY: Readonly<Record<string, RecordedKind>> = {
  epoll_create: "eventpoll",
  epoll_create1: "eventpoll",
  eventfd: "eventfd",
  eventfd2: "eventfd",
  pipe: "pipe",
  pipe2: "pipe",
  socketpair: "unix",
  accept: "stream",
  accept4: "stream",
  open: "regular",
  openat: "regular",
  openat2: "regular",
  creat: "regular",
  timerfd_create: "timerfd",
  signalfd: "pollable",
  signalfd4: "pollable",
  inotify_init: "pollable",
  inotify_init1: "pollable",
  pidfd_open: "pollable",
};

/** What an open file is, going by what strace prints behind its descriptor. */
function kindOfAnnotation(annotation: StraceAnnotation | undefined): RecordedKind {
  switch (annotation?.kind) {
    case "anonymous":
      return ANONYMOUS[annotation.name] ?? ANONYMOUS[`[${annotation.name}]`] ?? "pollable";
    case "pipe":
      return "pipe";
    case "unix":
      return "unix";
    case "inet":
      return annotation.protocol.startsWith("TCP") ? "stream" : "pollable";
    case "socket":
      return "pollable";
    case "file":
      return "regular";
    case "device":
      return "device";
    default:
      return "unknown";
  }
}

/** What an open file is that was there before the recording began: the other end of a pipe or a pair is outside. */
export function inheritedKind(annotation: StraceAnnotation | undefined): RecordedKind {
  const kind = kindOfAnnotation(annotation);
  return kind === "pipe" || kind === "unix" ? "pollable" : kind;
}

/** What a call has made. */
export function madeKind(call: StraceCall): RecordedKind {
  if (hasFlag(call, "O_DIRECTORY")) return "directory";
  if (call.name === "socket") return socketKind(call);
  const annotated = kindOfAnnotation(call.resultAnnotation);
  return annotated === "unknown" ? (MADE_BY[call.name] ?? "unknown") : annotated;
}

function socketKind(call: StraceCall): RecordedKind {
  const family = nameOf(call.args[0]) ?? "";
  if (family === "AF_UNIX") return "unix";
  const isStream = flagNames(call.args[1]).includes("SOCK_STREAM");
  return isStream && (family === "AF_INET" || family === "AF_INET6") ? "stream" : "pollable";
}
