import type { AioKiocbObject, IoKiocbObject, IomapDioObject } from "../../lib/see/inspect.ts";
import type { MessageKey } from "../i18n/catalogue.ts";
import { type Chip, type Link, type Row, keyOf } from "./scene.ts";
import { LIMITS, type SceneContext } from "./context.ts";

/** What a request of a ring waits for, in a word, by its IoReqState; those that wait for nothing have none. */
const STATES: Readonly<Record<string, MessageKey>> = {
  POLL: "request_poll",
  TIMER: "request_timer",
  TASK_WORK: "request_task_work",
  QUEUED: "request_queued",
  WORKER: "request_worker",
  DEFER: "request_defer",
  DONE: "request_done",
};

/** The requests of a ring, each chain in its order: those behind the first one are set in. */
export function requestChips(context: SceneContext, reqs: readonly number[]): Chip[] {
  const requests = reqs.flatMap((address) => context.get("IoKiocb", address) ?? []);
  const followers = new Set(requests.map(({ link }) => link));
  const chips: Chip[] = [];
  for (const first of requests.filter(({ address }) => !followers.has(address))) {
    const met = new Set<number>();
    for (let next: IoKiocbObject | undefined = first; next && !met.has(next.address);) {
      chips.push(requestChip(context, next, met.size > 0));
      met.add(next.address);
      next = context.get("IoKiocb", next.link);
    }
  }
  return chips;
}

/** A request of a ring, with where it stands: drawn full while it is done, open while it waits. */
function requestChip(context: SceneContext, request: IoKiocbObject, isFollower: boolean): Chip {
  const { translate } = context;
  const { address, state, title, user_data } = request;
  const isIssued = context.all("TaskStruct").some((task) => task.request === address);
  const key = isIssued ? "request_issued" : isFollower ? "request_linked" : STATES[state];
  const where = key ? translate(key) : "";
  const text = `${isFollower ? "↳ " : ""}${title}${where ? ` · ${where}` : ""}`;
  const label = translate("request_label", { title, data: user_data, state: where || "-" });
  const look = isIssued || state === "WORKER" ? "handler" : "pending";
  return { key: keyOf(address), address, struct: "IoKiocb", hue: "page", look, text, label };
}

/** A request of an AIO context. */
export function kiocbChip({ translate }: SceneContext, request: AioKiocbObject): Chip {
  const { address, opcode, left, pos, events, data } = request;
  const what = opcode.replace("IOCB_CMD_", "");
  const text =
    events === "" ? translate("kiocb", { what, count: left, pos }) : `${what} ${events.replaceAll("EPOLL", "")}`;
  const label = translate("request_label", { title: text, data, state: request.title });
  return { key: keyOf(address), address, struct: "AioKiocb", hue: "page", look: "pending", text, label };
}

/** What of a file is on its way between the disk and programs, past the page cache; null: nothing. */
export function directRow(context: SceneContext, inode: number): Row | null {
  const transfers = context.all("IomapDio").filter((dio) => dio.inode === inode);
  if (transfers.length === 0) return null;
  const chips = transfers.map((dio) => transferChip(context, dio));
  return context.row(`${keyOf(inode)}:direct`, context.translate("row_direct"), chips, {
    tall: true,
    limit: LIMITS.request,
  });
}

function transferChip({ translate }: SceneContext, { address, write, pos, size, pages, parts }: IomapDioObject): Chip {
  const text = translate(write ? "direct_write" : "direct_read", { count: size, pos });
  const label = translate("direct_label", { text, pages, parts });
  return { key: keyOf(address), address, struct: "IomapDio", hue: "page", look: "pending", text, label };
}

/** Links of requests: to the one that follows in a chain, and of an AIO request to its transfer. */
export function requestLinks(context: SceneContext): Link[] {
  const chains = context.all("IoKiocb").filter(({ link }) => context.get("IoKiocb", link));
  const transfers = context.all("IomapDio").filter(({ kiocb }) => context.get("AioKiocb", kiocb));
  return [
    ...chains.map(({ address, link }) => linkOf("chain", address, link)),
    ...transfers.map(({ address, kiocb }) => linkOf("page", kiocb, address)),
  ];
}

function linkOf(kind: Link["kind"], from: number, to: number): Link {
  return { key: `${kind}:${keyOf(from)}`, kind, from: keyOf(from), to: keyOf(to), ends: [from, to] };
}
