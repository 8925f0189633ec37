import type { ReplayedCall } from "../../lib/trace/replay.ts";
import type { StraceValue } from "../../lib/trace/strace/types.ts";
import type { ListedCall } from "../model/run.ts";
import type { Scenario, Started } from "./scenario.ts";

/** A recording of a real program, replayed. @param read  gives its text; called when it is to be shown. */
export function recordingScenario(name: string, read: () => Promise<string>): Scenario {
  const title = { en: name, "zh-CN": name };
  const summary = { en: "", "zh-CN": "" };
  const start = async () => replayText(name, await read());
  return { id: "", title, summary, subject: "sockets", question: null, recorded: true, start };
}

/** The recording that comes with the page: a Python echo server on `selectors`. Its text is loaded when it is chosen. */
export const RECORDED: Scenario = {
  id: "recorded",
  title: { en: "The recorded server (strace)", "zh-CN": "录制的服务器（strace）" },
  summary: {
    en: "A Python echo server, recorded with strace on Linux, replayed call by call.",
    "zh-CN": "用 strace 在 Linux 上录制的 Python 回显服务器，逐个系统调用重放。",
  },
  subject: "epoll",
  question: null,
  recorded: true,
  start: async () => {
    const { default: text } = await import("../../test/traces/python-selectors.strace?raw");
    return replayText("python-selectors.strace", text);
  },
};

/**
 * Replays the text of a recording. What reads and replays it is loaded when it is first needed.
 *
 * @throws InputError for what strace does not write.
 */
async function replayText(name: string, text: string): Promise<Started> {
  const [{ replayStrace }, { printArguments, printResult }] = await Promise.all([
    import("../../lib/trace/replay.ts"),
    import("../../lib/trace/strace/print.ts"),
  ]);
  const { kernel, io, tally, calls, firstMismatch } = await replayStrace(text, { name });
  const other = tally["no I/O"] + tally.outside + tally.unfinished;
  const mismatch = firstMismatch && {
    line: firstMismatch.call.line,
    expected: firstMismatch.difference?.expected ?? "",
    found: firstMismatch.difference?.got ?? firstMismatch.reason ?? "",
  };
  const listed = calls.flatMap((replayed) => {
    const { args, result } = replayed.call;
    return listedCall(replayed, printArguments(args.map(shortened)), printResult(result)) ?? [];
  });
  return {
    kernel,
    source: "",
    cut: false,
    calls: listed,
    report: { io, matched: tally.matched, other, mismatch },
    lines: null,
    facts: null,
    choices: [],
  };
}

/** An argument as the list shows it: a descriptor without what stands behind it, for which there is no room. */
function shortened(value: StraceValue): StraceValue {
  return value.kind === "fd" ? { kind: "name", name: value.name ?? String(value.fd) } : value;
}

/** A line of a recording as the list shows it; null: the machine has not made that call. */
function listedCall({ call, ticks }: ReplayedCall, args: string, result: string): ListedCall | null {
  if (!ticks) return null;
  const [before, after] = ticks;
  return {
    pid: call.pid,
    comm: "",
    text: `${call.name}(${args})`,
    result: call.result.kind === "unknown" ? null : result,
    failed: call.result.kind === "error",
    enter: Math.min(before + 1, after),
    exit: after,
  };
}
