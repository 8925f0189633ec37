// @ts-check
import { Client, sigaction, tell, timespec } from "../client.mjs";

// Sleeps for an hour of virtual time; says when it has fallen asleep, and what became of it.
const client = await Client.connect({ name: "sleeper" });
const SIGUSR1 = 10;
await client.call("rt_sigaction", SIGUSR1, sigaction(0), 0, 8);
client.onSleep = () => tell({ asleep: client.task });
const { value } = await client.call("nanosleep", timespec(3_600_000), 0);
const { now } = await client.request({ op: "now" });
tell({ value, hours: Math.floor(Number(now) / 3.6e12), signals: client.signals });
client.close();
