import { expect, test } from "vitest";
import { busyMachine } from "./machine.ts";
import { inspect, objectsOf } from "../../lib/see/inspect.ts";
import { objectAt } from "../../lib/see/object-at.ts";

test("an object is shown field by field: names, values, what they mean, where they lead, and the bytes", async () => {
  const { memory } = await busyMachine();
  const item = objectsOf(inspect(memory), "Epitem").find(({ ready }) => ready)!;
  const view = objectAt(memory, "Epitem", item.address);
  expect(view).toMatchObject({ struct: "Epitem", address: item.address, kernel: "struct epitem, fs/eventpoll.c" });
  const field = (name: string) => view.fields.find((candidate) => candidate.name === name)!;
  expect(field("ffd_fd")).toMatchObject({ type: "i32", value: String(item.fd) });
  expect(field("ffd_file")).toMatchObject({ type: "File", target: { struct: "File", address: item.file } });
  expect(field("ffd_file").doc).toBe("The watched file.");
  expect(field("event_events").value).toBe("IN|ERR|HUP|ET");
  expect(field("rdllink_next")).toMatchObject({ embed: "rdllink", type: "ListHead" });
  expect(field("ffd_fd").raw).toBe(`${item.fd.toString(16).padStart(2, "0")} 00 00 00`);
});

test("enums, functions, names and errors are told by name", async () => {
  const { memory } = await busyMachine();
  const inspection = inspect(memory);
  const value = (struct: "TaskStruct" | "EppollEntry" | "File", name: string) => {
    const { address } = objectsOf(inspection, struct)[0]!;
    return objectAt(memory, struct, address).fields.find((field) => field.name === name)!.value;
  };
  expect(value("TaskStruct", "state")).toBe("INTERRUPTIBLE");
  expect(value("TaskStruct", "mode")).toBe("KERNEL");
  expect(value("TaskStruct", "comm_0")).toBe('"watcher"');
  expect(value("EppollEntry", "wait_func")).toBe("ep_poll_callback");
  expect(value("File", "f_mode")).toMatch(/READ/);
});

test("a struct that there is not, and an address at which none can be, are refused", async () => {
  const { memory } = await busyMachine();
  expect(() => objectAt(memory, "Nonsense", 0x20000)).toThrow(RangeError);
  expect(() => objectAt(memory, "Epitem", 0)).toThrow(RangeError);
  expect(() => objectAt(memory, "Epitem", memory.length - 4)).toThrow(RangeError);
});
