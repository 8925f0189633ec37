/** Another thread. */
export interface Thread {
  post(message: unknown, transfer?: ArrayBuffer[]): void;
}

/** Who hears of a thread. */
export interface Listener {
  readonly onMessage: (message: unknown) => void;
  readonly onError: (error: Error) => void;
}

/** Begins the thread that sends. It does not keep a process alive. */
export function beginSender(listener: Listener): Thread {
  const threads = globalThis.process?.getBuiltinModule?.("node:worker_threads");
  return threads ? inNode(threads, listener) : inPage(listener);
}

function inNode(threads: typeof import("node:worker_threads"), { onMessage, onError }: Listener): Thread {
  const worker = new threads.Worker(entry());
  worker.unref();
  worker.on("message", onMessage);
  worker.on("error", (error) => onError(error instanceof Error ? error : new Error(String(error))));
  return { post: (message, transfer) => worker.postMessage(message, transfer) };
}

/** The module that the thread runs. Node that cannot read types runs the built one, also from the sources. */
function entry(): URL {
  const isSource = import.meta.url.endsWith(".ts");
  const readsTypes = "typescript" in process.features && process.features.typescript !== false;
  const built = isSource && !readsTypes ? "../../../../dist/lib/race/contenders/threads/" : "./";
  const path = `${built}sender.${isSource && readsTypes ? "ts" : "js"}`;
  return new URL(path, import.meta.url); // not in one: bundlers would look for files of such a name
}

function inPage({ onMessage, onError }: Listener): Thread {
  const worker = new Worker(new URL("./sender.ts", import.meta.url), { type: "module", name: "sender" });
  worker.addEventListener("message", ({ data }) => onMessage(data));
  worker.addEventListener("error", ({ message }) => onError(new Error(message || "the thread could not be begun")));
  return { post: (message, transfer = []) => worker.postMessage(message, transfer) };
}
