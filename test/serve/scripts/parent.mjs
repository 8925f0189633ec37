// @ts-check
import { Client, tell } from "../client.mjs";
import { spawn } from "node:child_process";

// Makes a pipe, forks, and reads what the child writes until the child is gone.
const client = await Client.connect({ name: "parent" });
const made = await client.call("pipe2", { out: 8 }, 0);
const [reader, writer] = [0, 4].map((at) => /** @type {Buffer} */ (made.out[0]).readInt32LE(at));
const { value: child } = await client.call("fork");
spawn(process.execPath, [new URL("child.mjs", import.meta.url).pathname, String(child), String(writer)], {
  stdio: "inherit",
});
// The child has its own copy: this one's end does not count any more.
await client.call("close", writer);
const heard = [];
for (let text = await client.read(Number(reader)); text !== ""; text = await client.read(Number(reader)))
  heard.push(text);
tell({ parent: heard });
client.close();
