import { resultName } from "./abi.ts";
import type { AioRingHead, Buffer, IoEvent, IocbMemory, Sys } from "./program.ts";

/* How asynchronous input and output is written down: addresses are left out, because they differ. */

/** An argument of these calls; undefined: it is written as any other. */
export function aioArgument(call: string, value: object, position: number): string | undefined {
  if (!call.startsWith("io_") && call !== "aio_ring") return undefined;
  if (position === 0 || (call === "io_setup" && position === 1)) return "ctx";
  if (call === "io_submit" && Array.isArray(value)) return `[${value.map(iocbText).join(", ")}]`;
  if (call === "io_cancel") return iocbText(value as IocbMemory);
  if (call === "aio_ring") return "ring";
  return Array.isArray(value) && position === 3 ? "events" : undefined;
}

const COMMANDS: Readonly<Record<number, string>> = {
  0: "PREAD",
  1: "PWRITE",
  2: "FSYNC",
  3: "FDSYNC",
  5: "POLL",
  7: "PREADV",
  8: "PWRITEV",
};

/** What an iocb asks for. */
function iocbText(iocb: IocbMemory | number): string {
  if (typeof iocb === "number") return String(iocb);
  const { opcode, buf, ...rest } = iocb.fields;
  const place = typeof buf === "object" ? `buffer(${(buf as Buffer).length})` : buf;
  const shown = Object.entries({ ...(place === undefined ? {} : { buf: place }), ...rest });
  return `${COMMANDS[opcode] ?? opcode}{${shown.map(([name, value]) => `${name} ${String(value)}`).join(" ")}}`;
}

/** What these calls have stored; undefined: it is another call. */
export function aioStored(call: keyof Sys, output: object, result: number): string | undefined {
  if (call === "aio_ring") {
    const { id, nr, head, tail, magic, compat_features, incompat_features, header_length } = output as AioRingHead;
    const rest = [compat_features, incompat_features, header_length].join(" ");
    return ` id ${id} nr ${nr} head ${head} tail ${tail} magic ${magic.toString(16)} ${rest}`;
  }
  if (call === "io_setup") return (output as { value: number }).value > 0 ? " a context" : " nothing";
  if (call !== "io_getevents" && call !== "io_pgetevents") return undefined;
  const events = (output as IoEvent[]).slice(0, result);
  return ` [${events.map(({ data, res, res2 }) => `${data}: ${resultName(res)}${res2 === 0 ? "" : ` ${res2}`}`).join(", ")}]`;
}
