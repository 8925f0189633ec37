// Every way of waiting for messages on many connections, counted.
//
//   node examples/waiting.js [connections] [active]
import { WAYS_OF_WAITING, serveClients } from "iopath";

const [connections = 500, active = 5] = process.argv.slice(2).map(Number);
const rounds = 3;
console.log(`${connections} connections, ${active} of them with a message in each of ${rounds} rounds\n`);
console.log("way                           system calls  files asked  wake-ups  CPU time (us)  latency (us)");
for (const way of WAYS_OF_WAITING) {
  if (way.most !== null && connections > way.most) {
    console.log(`${way.name.padEnd(28)}  at most ${way.most} connections`);
    continue;
  }
  const { figures } = await serveClients(way, { connections, active, rounds });
  const { syscalls, polls, wakeups, cpuTime, latency } = figures;
  const numbers = [syscalls, polls, wakeups, (cpuTime / 1000).toFixed(1), (latency.median / 1000).toFixed(1)];
  const [a, b, c, d, e] = numbers.map(String);
  console.log(
    `${way.name.padEnd(28)}  ${a.padStart(12)} ${b.padStart(12)} ${c.padStart(9)} ${d.padStart(14)} ${e.padStart(13)}`,
  );
}
console.log("");
for (const { name, about } of WAYS_OF_WAITING) console.log(`${name}: ${about}`);
