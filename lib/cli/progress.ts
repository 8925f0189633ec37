import type { Terminal } from "./command.ts";

const WIDTH = 30;
/** Back to the first column, and erase up to the end of the line. */
const ERASE = "\r\u001b[K";

/** A line that shows how far long work has come. It is there only on a terminal, and gone when the work is done. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #label: string;
  #shown = "";

  constructor(terminal: Terminal, label: string) {
    this.#terminal = terminal;
    this.#label = label;
  }

  /** @param part  how much is done, from 0 to 1. */
  show(part: number): void {
    if (!this.#terminal.isInteractive) return;
    const filled = Math.round(Math.min(1, Math.max(0, part)) * WIDTH);
    const line = `${this.#label} ${"#".repeat(filled)}${".".repeat(WIDTH - filled)} ${Math.floor(part * 100)} %`;
    if (line === this.#shown) return;
    this.#shown = line;
    this.#terminal.err(ERASE + line);
  }

  /** The work is done, or given up. */
  end(): void {
    if (this.#shown !== "") this.#terminal.err(ERASE);
    this.#shown = "";
  }
}
