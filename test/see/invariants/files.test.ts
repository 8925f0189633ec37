import { beforeAll, expect, test } from "vitest";
import { Canary } from "../canary.ts";
import { Kernel, O_RDWR } from "../../../lib/index.ts";
import { busyMachine } from "../machine.ts";
import { pipeSlots } from "../../../lib/see/pipe-slots.ts";

let kernel: Kernel;

beforeAll(async () => {
  kernel = await busyMachine();
});

const table = (canary: Canary) => canary.find("FilesStruct");
const slot = (canary: Canary, fd: number) => canary.get("FilesStruct", table(canary), "fd") + fd * 4;
const filled = (canary: Canary) => canary.find("PipeInodeInfo", (pipe) => pipeSlots(canary.reader, pipe).length > 0);
const firstSlot = (canary: Canary) => pipeSlots(canary.reader, filled(canary))[0]!;

test.each<[string, (canary: Canary) => void]>([
  ["fd-file", (canary) => canary.view.setUint32(slot(canary, 1), canary.find("Eventpoll"), true)],
  ["f_count", (canary) => canary.add("File", canary.find("File"), "f_count", 1)],
  ["f_count", (canary) => canary.view.setUint32(slot(canary, 1), 0, true)],
  ["fd-bitmap", (canary) => canary.view.setUint8(canary.get("FilesStruct", table(canary), "open_fds"), 0)],
  ["fd-bitmap", (canary) => canary.view.setUint8(canary.get("FilesStruct", table(canary), "open_fds") + 4, 1)],
  ["next_fd", (canary) => canary.set("FilesStruct", table(canary), "next_fd", 40)],
  ["pipe-ring", (canary) => canary.set("PipeInodeInfo", filled(canary), "ring_size", 15)],
  ["pipe-bounds", (canary) => canary.add("PipeInodeInfo", filled(canary), "head", 100)],
  ["pipe-slot", (canary) => canary.set("PipeBuffer", firstSlot(canary), "len", 5000)],
  ["pipe-slot", (canary) => canary.set("PipeBuffer", firstSlot(canary), "page", 0x4f_0000)],
  ["pipe-readers", (canary) => canary.add("PipeInodeInfo", filled(canary), "readers", 1)],
  ["pipe-writers", (canary) => canary.set("PipeInodeInfo", filled(canary), "writers", 0)],
  ["pipe-files", (canary) => canary.add("PipeInodeInfo", filled(canary), "files", -1)],
])("%s is found among files", (rule, plant) => {
  const canary = new Canary(kernel.memory);
  expect(canary.rules).toEqual([]);
  plant(canary);
  expect(canary.rules).toContain(rule);
});

test.each<[string, (canary: Canary) => void]>([
  ["i_count", (canary) => canary.add("Inode", fifo(canary), "i_count", 1)],
  ["i_count", (canary) => canary.set("PipeInodeInfo", canary.find("PipeInodeInfo"), "inode", 0)],
  ["i_nlink", (canary) => canary.set("Inode", fifo(canary), "i_nlink", 0)],
  ["fifo-pipe", (canary) => canary.set("Inode", fifo(canary), "i_pipe", 0)],
])("%s is found among names", async (rule, plant) => {
  const machine = await Kernel.boot();
  machine.spawn("opener", function* (sys) {
    yield* sys.mkfifo("/fifo");
    yield* sys.open("/fifo", O_RDWR);
    yield* sys.nanosleep({ sec: 1, nsec: 0 });
  });
  machine.settle();
  const canary = new Canary(machine.memory);
  expect(canary.rules).toEqual([]);
  plant(canary);
  expect(canary.rules).toContain(rule);
});

/** The FIFO that is open. */
const fifo = (canary: Canary) => canary.find("Inode", (inode) => canary.get("Inode", inode, "i_pipe") !== 0);
