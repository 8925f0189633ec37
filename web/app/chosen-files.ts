import { fire } from "./events.ts";
/** What a file input offers: recordings, and programs. */
export const ACCEPTED = ".strace,.txt,.log,.js,.mjs,text/plain,text/javascript";

/** Says which files were chosen in an input, as `iop-files`; the same file can be chosen again. */
export function tellChosen(event: Event): void {
  const input = event.currentTarget as HTMLInputElement;
  const files = [...(input.files ?? [])];
  input.value = "";
  if (files.length === 0) return;
  fire(input, "iop-files", { files });
}
