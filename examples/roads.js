// Every way from a file to a socket, counted: who copies, and how often the program enters the kernel.
//
//   node examples/roads.js [bytes]
import { ROADS, walkRoad } from "iopath";

const size = Number(process.argv[2] ?? 65536);
console.log(`a file of ${size} bytes, not cached\n`);
console.log("road               mode switches  CPU copies  DMA transfers  page faults");
for (const road of ROADS) {
  const { figures } = await walkRoad(road, { size, cache: "cold" });
  const numbers = [figures.modeSwitches, figures.cpuCopies, figures.dmaTransfers, figures.faults];
  const [a, b, c, d] = numbers.map(String);
  console.log(`${road.name.padEnd(18)} ${a.padStart(13)} ${b.padStart(11)} ${c.padStart(14)} ${d.padStart(12)}`);
}
console.log("");
for (const { name, about } of ROADS) console.log(`${name}: ${about}`);
