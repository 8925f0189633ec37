// @ts-check
import { Client, address, tell } from "../client.mjs";

// Connects, says two things, hears them in capitals; then hangs up, or is killed while it waits for more.
const client = await Client.connect({ name: "client" });
const { value: fd } = await client.call("socket", 2, 1, 0);
await client.call("connect", fd, address(8080), 16);
const heard = [];
for (const text of ["hello", "world"]) {
  await client.write(fd, text);
  heard.push(await client.read(fd));
}
tell(heard);
if (process.argv[2] === "wait") {
  client.onSleep = () => tell("asleep");
  await client.read(fd);
}
client.close();
