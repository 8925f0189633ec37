// @ts-check
import { Client, tell, timespec } from "../client.mjs";

// Sleeps for an hour of virtual time; says when it has fallen asleep, and what became of it.
const client = await Client.connect({ name: "sleeper" });
client.onSleep = () => tell({ asleep: client.task });
const { value } = await client.call("nanosleep", timespec(3_600_000), 0);
const { now } = await client.request({ op: "now" });
tell({ value, hours: Math.floor(Number(now) / 3.6e12) });
client.close();
