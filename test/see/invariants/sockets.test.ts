import { KERNEL_BASE, embedOffset } from "../../../lib/see/reader.ts";
import { beforeAll, expect, test } from "vitest";
import { Canary } from "../canary.ts";
import type { Kernel } from "../../../lib/index.ts";
import { layout } from "../../../lib/layout.gen.ts";
import { socketMachine } from "../machine.ts";

const { LISTEN, ESTABLISHED } = layout.enums.TcpState.values;
const { UNIX } = layout.enums.Af.values;
let kernel: Kernel;

beforeAll(async () => {
  kernel = await socketMachine();
});

const listening = (canary: Canary) => canary.find("Sock", (sk) => canary.get("Sock", sk, "skc_state") === LISTEN);
const family = (canary: Canary, sk: number) => canary.get("Sock", sk, "skc_family");
/** An established TCP connection with unread data, accepted or not. */
const unread = (canary: Canary, accepted: boolean) =>
  canary.find(
    "Sock",
    (sk) =>
      canary.get("Sock", sk, "skc_state") === ESTABLISHED &&
      family(canary, sk) !== UNIX &&
      canary.get("Sock", sk, "sk_receive_queue_qlen") > 0 &&
      (canary.get("Sock", sk, "sk_socket") !== 0) === accepted,
  );
const requests = (canary: Canary) => canary.get("Sock", listening(canary), "icsk_accept_queue");
const request = (canary: Canary) => canary.get("RequestSockQueue", requests(canary), "rskq_accept_head");
const packet = (canary: Canary) => canary.get("Sock", unread(canary, true), "sk_receive_queue_list_next");
const rxRing = (canary: Canary) => canary.get("NicState", canary.get("Kernel", KERNEL_BASE, "nic"), "rx");

test("the machine is healthy, and has what the canaries need", () => {
  const canary = new Canary(kernel.memory);
  expect(canary.rules).toEqual([]);
  expect(request(canary)).not.toBe(0);
  expect(packet(canary)).not.toBe(0);
});

test.each<[string, (canary: Canary) => void]>([
  ["socket-sk", (canary) => canary.set("Socket", canary.find("Socket"), "sk", canary.find("SkBuff"))],
  ["socket-sk", (canary) => canary.set("Sock", unread(canary, true), "sk_socket", 0)],
  ["qlen", (canary) => canary.add("Sock", unread(canary, true), "sk_receive_queue_qlen", 1)],
  ["sk_rmem_alloc", (canary) => canary.add("Sock", unread(canary, true), "sk_rmem_alloc", 256)],
  ["sk_rmem_alloc", (canary) => canary.add("SkBuff", packet(canary), "truesize", -1)],
  ["sk_wmem_alloc", (canary) => canary.add("Sock", unread(canary, true), "sk_wmem_alloc", 1)],
  [
    "sk_wmem_alloc",
    (canary) =>
      canary.add(
        "Sock",
        canary.find("Sock", (sk) => family(canary, sk) === UNIX),
        "sk_wmem_alloc",
        1,
      ),
  ],
  ["sk_refcnt", (canary) => canary.set("Sock", listening(canary), "sk_refcnt", 0)],
  ["list-prev", (canary) => canary.set("SkBuff", packet(canary), "list_prev", packet(canary))],
  [
    "skb-live",
    (canary) => {
      const head = unread(canary, true) + embedOffset("Sock", "sk_receive_queue");
      const stranger = canary.find("Socket");
      canary.view.setUint32(head, stranger, true);
      canary.view.setUint32(stranger, head, true);
    },
  ],
  [
    "skb-twice",
    (canary) => {
      const other = unread(canary, false) + embedOffset("Sock", "sk_receive_queue");
      canary.view.setUint32(other, packet(canary), true);
    },
  ],
  ["accept-queue", (canary) => canary.set("Sock", listening(canary), "icsk_accept_queue", 0)],
  [
    "accept-queue",
    (canary) => canary.set("RequestSockQueue", requests(canary), "rskq_accept_head", canary.find("SkBuff")),
  ],
  ["accept-queue", (canary) => canary.set("RequestSockQueue", requests(canary), "rskq_accept_tail", 0)],
  ["accept-queue", (canary) => canary.set("RequestSock", request(canary), "sk", canary.find("SkBuff"))],
  ["accept-queue", (canary) => canary.set("RequestSock", request(canary), "sk", unread(canary, true))],
  ["sk_ack_backlog", (canary) => canary.add("RequestSockQueue", requests(canary), "sk_ack_backlog", 1)],
  ["timer-queued", (canary) => canary.set("Sock", listening(canary), "sk_timer_queued", 1)],
  ["dangling", (canary) => canary.set("Sock", listening(canary), "sk_send_head", canary.find("Sock"))],
  ["leak", (canary) => canary.set("File", canary.get("Socket", canary.find("Socket"), "file"), "private_data", 0)],
  [
    "leak",
    (canary) => {
      const head = unread(canary, true) + embedOffset("Sock", "sk_receive_queue");
      canary.view.setUint32(head, head, true);
      canary.view.setUint32(head + 4, head, true);
    },
  ],
  ["nic-ring", (canary) => canary.add("NicRing", rxRing(canary), "tail", 1000)],
])("%s is found among sockets", (rule, plant) => {
  const canary = new Canary(kernel.memory);
  plant(canary);
  expect(canary.rules).toContain(rule);
});
