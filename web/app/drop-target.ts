import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Takes files that are dropped anywhere on the page. */
export class DropTarget implements ReactiveController {
  /** Whether a file hovers over the page. */
  hovering = false;
  readonly #host: ReactiveControllerHost;
  readonly #take: (files: File[]) => void;

  constructor(host: ReactiveControllerHost, take: (files: File[]) => void) {
    this.#host = host;
    this.#take = take;
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener("dragover", this.#over);
    addEventListener("dragleave", this.#leave);
    addEventListener("drop", this.#drop);
  }

  hostDisconnected(): void {
    removeEventListener("dragover", this.#over);
    removeEventListener("dragleave", this.#leave);
    removeEventListener("drop", this.#drop);
  }

  #show(hovering: boolean): void {
    if (this.hovering === hovering) return;
    this.hovering = hovering;
    this.#host.requestUpdate();
  }

  readonly #over = (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.#show(true);
  };

  readonly #leave = (event: DragEvent) => {
    // Leaving one element for another is not leaving the page.
    if (event.relatedTarget === null) this.#show(false);
  };

  readonly #drop = (event: DragEvent) => {
    this.#show(false);
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    this.#take(files);
  };
}
