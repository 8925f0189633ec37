import { type CountedMoment, type Walked, countedMoments, errnoName, hex, syscallName } from "../../../lib/index.ts";

/** Name of the text that tells a moment. */
export type MomentText =
  | "moment_enter"
  | "moment_exit"
  | "moment_task"
  | "moment_thread"
  | "moment_sleep"
  | "moment_thread_sleep"
  | "moment_to_user"
  | "moment_from_user"
  | "moment_packet"
  | "moment_pio"
  | "moment_disk"
  | "moment_card"
  | "moment_fault"
  | "moment_interrupt";

/** A moment at which something was counted, as the list shows it. */
export interface ShownMoment extends CountedMoment {
  readonly text: MomentText;
  readonly values: Readonly<Record<string, string | number>>;
}

/** What is listed together. */
export type MomentGroup = "switches" | "copies" | "tasks" | "faults";

/** The number of the task that sends. */
const SENDER = 1;

const GROUPS: Readonly<Record<CountedMoment["kind"], MomentGroup | null>> = {
  modeSwitch: "switches",
  cpuCopy: "copies",
  dmaTransfer: "copies",
  taskSwitch: "tasks",
  sleep: "tasks",
  fault: "faults",
  // What devices have to say belongs to no task; the timeline of a run shows it.
  interrupt: null,
};

const COPIES: Readonly<Record<string, MomentText>> = {
  copy_to_user: "moment_to_user",
  copy_from_user: "moment_from_user",
  pio_transfer: "moment_pio",
  disk_transfer: "moment_disk",
  dma_from_memory: "moment_card",
};

/** The moments of a road that was walked on a machine with tracepoints, by what they are listed under. */
export function momentsOf(walked: Walked): Readonly<Record<MomentGroup, readonly ShownMoment[]>> {
  const groups: Record<MomentGroup, ShownMoment[]> = { switches: [], copies: [], tasks: [], faults: [] };
  for (const moment of countedMoments(walked)) {
    const group = GROUPS[moment.kind];
    if (group !== null) groups[group].push({ ...moment, ...told(moment, walked) });
  }
  return groups;
}

/** What a call has answered: a number, -errno, or an address. */
function resultText(result: number): string {
  const signed = result | 0;
  return signed >= 0 ? String(result) : (errnoName(signed) ?? hex(result));
}

function told(moment: CountedMoment, { kernel }: Walked): Pick<ShownMoment, "text" | "values"> {
  const { kind, event, pid, tick, bytes } = moment;
  const isSender = pid === SENDER;
  switch (kind) {
    case "modeSwitch": {
      const [nr, result] = kernel.trace.at(tick).args;
      const call = syscallName(nr);
      return event === "sys_enter"
        ? { text: "moment_enter", values: { call } }
        : { text: "moment_exit", values: { call, result: resultText(result) } };
    }
    case "taskSwitch":
      return { text: isSender ? "moment_task" : "moment_thread", values: { pid } };
    case "sleep":
      return { text: isSender ? "moment_sleep" : "moment_thread_sleep", values: { pid } };
    case "fault":
      return { text: "moment_fault", values: {} };
    case "interrupt":
      return { text: "moment_interrupt", values: {} };
    case "cpuCopy":
    case "dmaTransfer":
      return { text: COPIES[event] ?? "moment_packet", values: { bytes } };
  }
}
