import type { Message } from "./message.ts";

/** The block layer, the disk and its driver. */
export const disks = {
  submit_bio: {
    en: ["Hands in a bio: sectors to be read or written.", "{current} hands in {bio}: the disk is to {op} {bytes}."],
    "zh-CN": ["提交一个 bio：要读或写的扇区。", "{current}提交 {bio}：请磁盘{op} {bytes}。"],
  },
  bio_attempt_merge: {
    en: [
      "A bio joins a waiting request: their sectors are neighbours.",
      "{bio} joins {request}, which still waits: their sectors are neighbours, so one command reads or writes both.",
    ],
    "zh-CN": [
      "bio 并入正在等待的请求：它们的扇区相邻。",
      "{bio} 并入仍在等待的{request}：扇区相邻，一条命令即可完成两者。",
    ],
  },
  blk_mq_start_request: {
    en: ["A waiting request goes to the driver.", "{request} goes to the driver: the disk is to {op} {bytes}."],
    "zh-CN": ["把等待中的请求交给驱动。", "{request} 被交给驱动：请磁盘{op} {bytes}。"],
  },
  disk_queue_rq: {
    en: [
      "The driver gives the disk a command; the CPU does something else meanwhile.",
      "The driver gives the disk a command for {request}: {op} {bytes}. The CPU does something else meanwhile.",
    ],
    "zh-CN": [
      "驱动向磁盘下达命令；此间 CPU 去做别的事。",
      "驱动为{request}向磁盘下达命令：{op} {bytes}。此间 CPU 去做别的事。",
    ],
  },
  disk_transfer: {
    en: [
      "The disk moves bytes between itself and memory by DMA.",
      ({ args }) =>
        args["op"] === 1
          ? "The disk takes the {bytes} of {request} from memory by DMA: no CPU has touched them."
          : "The disk has put the {bytes} of {request} into memory by DMA: no CPU has touched them.",
    ],
    "zh-CN": [
      "磁盘通过 DMA 在自身与内存之间搬运字节。",
      ({ args }) =>
        args["op"] === 1
          ? "磁盘通过 DMA 从内存取走 {request} 的 {bytes}：没有 CPU 参与。"
          : "磁盘通过 DMA 把 {request} 的 {bytes}写入内存：没有 CPU 参与。",
    ],
  },
  disk_error: {
    en: [
      "Sectors cannot be read or written.",
      "The sectors of {bio} cannot be read or written: it will end with an error, the rest of {request} will not.",
    ],
    "zh-CN": ["扇区无法读写。", "{bio} 的扇区无法读写：它将以错误结束，{request} 的其余部分不受影响。"],
  },
  disk_interrupt: {
    en: [
      "The disk's hard interrupt: a command is done, or words wait for a CPU.",
      "The disk interrupts CPU {cpu}: a command is done, or words wait to be moved.",
    ],
    "zh-CN": ["磁盘的硬中断：命令已完成，或有字等待 CPU 搬运。", "磁盘中断 CPU {cpu}：命令已完成，或有字等待搬运。"],
  },
  pio_transfer: {
    en: [
      "A CPU moves words between a device and memory, one after the other.",
      "CPU {cpu} itself moves {bytes} between a device and memory at {address}, word by word.",
    ],
    "zh-CN": ["CPU 在设备与内存之间逐字搬运。", "CPU {cpu} 亲自逐字搬运 {bytes}：设备与内存 {address} 之间。"],
  },
  blk_mq_end_request: {
    en: [
      "The disk is done with a request: its bios end.",
      "The disk is done with {request}: its bios end, and requests that have waited go to the driver.",
    ],
    "zh-CN": ["磁盘完成一个请求：其中的 bio 结束。", "磁盘完成了{request}：其中的 bio 结束，等待中的请求交给驱动。"],
  },
  bio_endio: {
    en: [
      "Tells who has handed in a bio that it has ended.",
      ({ args }) =>
        args["status"] === 0
          ? "{bio} has ended well: who has handed it in is told."
          : "{bio} has ended with {status}: who has handed it in is told.",
    ],
    "zh-CN": [
      "通知提交者：bio 已结束。",
      ({ args }) =>
        args["status"] === 0 ? "{bio} 顺利结束：通知其提交者。" : "{bio} 以 {status} 结束：通知其提交者。",
    ],
  },
  blk_poll: {
    en: [
      "A CPU that cannot sleep waits for the disk by looking at it.",
      "CPU {cpu} is where it cannot sleep, and looks at the disk until a command is done.",
    ],
    "zh-CN": ["无法睡眠的 CPU 轮询磁盘。", "CPU {cpu} 此处无法睡眠，便一直轮询磁盘，直到有命令完成。"],
  },
} satisfies Record<string, Message>;
