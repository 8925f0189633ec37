import { O_CREAT, O_DIRECT, O_RDWR } from "../../../lib/index.ts";
import type { Question } from "./question.ts";

/** The same file is read past the page cache in ways that fit the disk's blocks, and in ways that do not. */
export const direct: Question = {
  number: 23,
  id: "direct-alignment",
  question: {
    en: "O_DIRECT gives EINVAL, or is slower. Why?",
    "zh-CN": "O_DIRECT 返回 EINVAL，或者反而更慢，为什么？",
  },
  prediction: {
    en: "O_DIRECT makes any read faster, and address, offset and length must always be multiples of 4096.",
    "zh-CN": "O_DIRECT 总是更快；地址、偏移、长度都必须是 4096 的倍数。",
  },
  verdict: {
    en: "Without the page cache there is no read-ahead and nothing is found in memory the second time. Offset and length have to fit the blocks of file system and device, 512 bytes here; what the address must fit, each says itself (statx: STATX_DIOALIGN). It does not make writes durable: that is O_SYNC or fsync.",
    "zh-CN":
      "绕开页缓存就没有预读，第二次读也不会命中。偏移和长度要与文件系统和设备的块对齐，这里是 512 字节；地址要怎样对齐，各设备自己说（statx 的 STATX_DIOALIGN）。它也不保证落盘：那是 O_SYNC 或 fsync 的事。",
  },
  myth: true,
  program: function* (sys) {
    const file = yield* sys.open("file", O_CREAT | O_RDWR | O_DIRECT, 0o600);
    const page = sys.buffer(8192);
    return {
      page: yield* sys.pwrite64(file, page, 8192, 0),
      block: yield* sys.pread64(file, page, 512, 512),
      oddLength: yield* sys.pread64(file, page, 100, 0),
      oddOffset: yield* sys.pread64(file, page, 512, 100),
      atEnd: yield* sys.pread64(file, page, 512, 8192),
    };
  },
  expected: { page: 8192, block: 512, oddLength: -22, oddOffset: -22, atEnd: 0 },
};
