// @ts-check
import { Client, tell, timespec } from "../client.mjs";

// The child of a fork: it says which task it is, and writes into the pipe that it has inherited.
const [, , task, writer] = process.argv;
const client = await Client.connect({ task: Number(task) });
await client.write(Number(writer), "first ");
await client.call("nanosleep", timespec(3000), 0);
await client.write(Number(writer), "second");
tell({ child: client.task });
await client.request({ op: "exit", code: 3 });
