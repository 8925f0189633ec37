// @ts-check
import { Client, address, event, tell } from "../client.mjs";

// An epoll server for one client: it echoes until the client is gone.
const [AF_INET, SOCK_STREAM, SOCK_NONBLOCK, EPOLL_CTL_ADD, EPOLLIN] = [2, 1, 0x800, 1, 1];
const client = await Client.connect({ name: "server" });
const { value: listener } = await client.call("socket", AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
await client.call("bind", listener, address(8080), 16);
await client.call("listen", listener, 8);
tell("listening");
const { value: epfd } = await client.call("epoll_create1", 0);
await client.call("epoll_ctl", epfd, EPOLL_CTL_ADD, listener, event(EPOLLIN, listener));
const said = [];
for (let isOver = false; !isOver;) {
  const { value: count, out } = await client.call("epoll_wait", epfd, { out: 96 }, 8, -1);
  for (let i = 0; i < count; i++) {
    const fd = /** @type {Buffer} */ (out[0]).readInt32LE(12 * i + 4);
    if (fd === listener) {
      const { value: accepted } = await client.call("accept4", listener, 0, 0, SOCK_NONBLOCK);
      await client.call("epoll_ctl", epfd, EPOLL_CTL_ADD, accepted, event(EPOLLIN, accepted));
      continue;
    }
    const text = await client.read(fd);
    if (typeof text === "string" && text !== "") {
      said.push(text);
      await client.write(fd, text.toUpperCase());
    } else {
      said.push(text);
      isOver = true;
    }
  }
}
tell(said);
await client.request({ op: "exit", code: 0 });
