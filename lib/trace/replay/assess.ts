import { concernsIo, callTraits } from "../strace/classify.ts";
import type { RecordedFile } from "./recorded.ts";
import type { StraceCall } from "../strace/types.ts";
import type { Subject } from "./survey.ts";
import type { Verdict } from "./report.ts";
import { isPair } from "./call_facts.ts";
import { isStandIn } from "./implied.ts";
import { nameOf } from "../strace/access.ts";
import { resultOf } from "./request.ts";

/** Why a call is not made on the machine. */
export interface Assessment {
  readonly verdict: Exclude<Verdict, "matched" | "mismatched">;
  readonly reason?: string;
}

/** What a descriptor's own calls do is the machine's business, whatever it stands for. */
const DESCRIPTOR_COMMANDS: ReadonlySet<string> = new Set(["F_GETFD", "F_SETFD", "F_DUPFD", "F_DUPFD_CLOEXEC"]);

/** Decides whether a call can be made on the machine; null if it can. */
export function assess(call: StraceCall, subject: Subject): Assessment | null {
  if (!concernsIo(call.name)) return { verdict: "no I/O" };
  if (call.startMissing) return { verdict: "not simulated", reason: "the recording begins inside it" };
  if (resultOf(call) === null) return { verdict: "unfinished", reason: unfinishedReason(call) };
  const made = subject.made.find((file) => file.made === call);
  if (made) return assessMade(made);
  if (isAboutDescriptor(call)) return null;
  for (const file of subject.files) {
    const reason = file && outsideReason(file);
    if (reason !== null && reason !== undefined) return { verdict: "outside", reason };
  }
  const [file] = subject.files;
  if (file && isStandIn(file) && !call.name.startsWith("epoll")) {
    return { verdict: "not simulated", reason: `the machine does not have ${describeFile(file)}` };
  }
  return null;
}

function unfinishedReason(call: StraceCall): string {
  if (call.unfinished === "died") return "its task ended inside it";
  return call.unfinished === "detached" ? "strace let go of its task" : "the recording tells no result";
}

function assessMade(file: RecordedFile): Assessment | null {
  const reason = outsideReason(file);
  if (reason !== null) return { verdict: "outside", reason };
  return isStandIn(file)
    ? { verdict: "not simulated", reason: `the machine does not have ${describeFile(file)}` }
    : null;
}

function isAboutDescriptor(call: StraceCall): boolean {
  if (call.name === "fcntl") return DESCRIPTOR_COMMANDS.has(nameOf(call.args[1]) ?? "");
  return call.name === "close" || /^dup[23]?$/.test(call.name);
}

/** Why a file is not in the machine; null if it is. */
export function outsideReason(file: RecordedFile): string | null {
  switch (file.kind) {
    case "device":
      return `${describeFile(file)} is a device`;
    case "directory":
      return `${describeFile(file)} is a directory`;
    case "unknown":
      return `nothing is known of ${describeFile(file)}`;
    case "regular": {
      const strange = file.facts?.strange;
      return strange ? `${describeFile(file)} is ${strange}` : null;
    }
    default:
      return null;
  }
}

/** What strace calls a file. */
function describeFile(file: RecordedFile): string {
  if (file.path !== "") return file.path;
  return (
    file.annotation?.text ?? (file.made ? `what ${file.made.name} made` : "a descriptor from before the recording")
  );
}

/** Whether a call makes descriptors if it succeeds. */
export function makesDescriptors(call: StraceCall): boolean {
  const { name } = call;
  return callTraits(name).returnsDescriptor || isPair(call) || (nameOf(call.args[1]) ?? "").startsWith("F_DUPFD");
}
