import { readFileSync } from "node:fs";
import { type Replay, type ReplayedCall, replayStrace } from "../../lib/index.ts";

/** A recording of a real program, as text. */
export function recording(name: string): string {
  return readFileSync(new URL(`../traces/${name}.strace`, import.meta.url), "utf8");
}

/**
 * A recording written by hand: one line for each call, `101 read(3, ...) = 5`. A number in front is the task's, 100 if
 * there is none; every line comes 100 us after the one before it, and takes 10 us, or as long as `<...>` says.
 */
export function written(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  return `${lines
    .filter((line) => line !== "")
    .map((line, i) => {
      const [, pid = "100", body = line] = /^(\d+) (.*)$/.exec(line) ?? [];
      const time = (1_700_000_000 + (i + 1) / 10_000).toFixed(6);
      const isWhole =
        /= [^=]*$/.test(body) && !/<[\d.]+>$/.test(body) && !body.endsWith("...>") && !body.startsWith("+++");
      return `${pid.padEnd(5)} ${time} ${body}${isWhole ? " <0.000010>" : ""}`;
    })
    .join("\n")}\n`;
}

/** Replays a recording that was written by hand; the machine must be sound afterwards. */
export async function replayWritten(text: string): Promise<Replay> {
  const replay = await replayStrace(written(text), { name: "written" });
  const violations = replay.kernel.check();
  if (violations.length > 0) throw new Error(`the machine is not sound: ${JSON.stringify(violations[0])}`);
  return replay;
}

/** The calls that did not come out as recorded, one line for each: where, and what differs. */
export function differences(replay: { readonly calls: readonly ReplayedCall[] }): string[] {
  return replay.calls
    .filter(({ verdict }) => verdict === "mismatched")
    .map(
      ({ call, difference }) =>
        `${call.line} ${call.name}: ${difference!.what}: expected ${difference!.expected}, got ${difference!.got}`,
    );
}
