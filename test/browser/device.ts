import { RingBuffer } from "../../lib/structures/index.ts";
import type { RingHandle } from "../../lib/structures/index.ts";

/* A Worker that fills a ring with numbered bytes, in pieces of all sizes, in place. */
addEventListener("message", ({ data }: MessageEvent<{ handle: RingHandle; total: number }>) => {
  const ring = RingBuffer.from(data.handle);
  for (let made = 0; made < data.total;) {
    ring.waitWritable();
    const spaces = ring.spaces(Math.min(data.total - made, 1 + (made % 700)));
    let filled = 0;
    for (const space of spaces) {
      for (let i = 0; i < space.length; i++) space[i] = (made + filled + i) * 31;
      filled += space.length;
    }
    ring.commit(filled);
    made += filled;
  }
  ring.close();
});
postMessage("ready"); // what is sent before the modules are there is lost
