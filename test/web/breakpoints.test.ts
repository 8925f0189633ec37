import { describe, expect, test } from "vitest";
import type { TraceRecord } from "../../lib/index.ts";
import { allHits, EVENT_NAMES, hitsOf, nextHit, objectText, parseBreakpoint } from "../../web/model/breakpoints.ts";
import { ConditionError, FIELDS, parseCondition } from "../../web/model/condition.ts";
import { Run } from "../../web/model/run.ts";
import { SCENARIOS } from "../../web/scenarios/all.ts";

const { kernel } = await SCENARIOS.find(({ id }) => id === "echo")!.start();
const run = new Run(kernel);
const records = [...kernel.trace];

const ticksOf = (holds: (record: TraceRecord) => boolean) => records.filter(holds).map(({ tick }) => tick);
const where = (condition: string) => ticksOf(parseCondition(condition));

/** Where a text cannot be read, and what was expected there. */
function mistake(text: string): string {
  try {
    parseBreakpoint(text);
    return "none";
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error;
    return `${error.column} ${error.expected} ${error.found}`.trim();
  }
}

describe("a condition", () => {
  test("compares what every record has", () => {
    expect(where('event == "ep_poll_callback" && pid == 0')).toEqual(
      ticksOf(({ event, pid }) => event === "ep_poll_callback" && pid === 0),
    );
    expect(where("tick > 10 && tick <= 12")).toEqual([11, 12]);
    expect(where('context == "SOFTIRQ" && depth >= 10').length).toBeGreaterThan(0);
    expect(where("cpu == 1")).toEqual([]);
  });

  test("speaks of an event's numbers by their names, signed and named as strace has them", () => {
    expect(where('nr == "epoll_wait" && event == "sys_enter"')).toEqual(
      ticksOf(({ event, args }) => event === "sys_enter" && args[0] === 232),
    );
    expect(where("result < 0")).toEqual(ticksOf(({ event, args }) => event === "sys_exit" && (args[1] | 0) < 0));
    expect(where("result == -EAGAIN")).toEqual(where("result == -11"));
    expect(where("fd == 5 && event == 'ep_insert'")).toHaveLength(1);
    expect(where("key & 1 && event == 'ep_poll_callback'").length).toBeGreaterThan(0);
  });

  test("is false, also for !=, where a record does not have what it asks for", () => {
    const unlike = where("fd != 5");
    expect(unlike.every((tick) => kernel.trace.at(tick).named.some(({ name }) => name === "fd"))).toBe(true);
    expect(unlike.length).toBeGreaterThan(0);
    expect(where("pid == 'one'")).toEqual([]);
  });

  test("binds && closer than ||, takes ! and brackets, and hexadecimal numbers", () => {
    expect(where("tick == 1 || tick == 2 && pid == 99")).toEqual([1]);
    expect(where("(tick == 1 || tick == 2) && !(tick == 0x2)")).toEqual([1]);
    expect(where("!(tick > 1)")).toEqual([1]);
  });

  test.each([
    ["fdd == 5", "1 field fdd"],
    ["pid ==", "7 value"],
    ["pid = 1", "5 operator ="],
    ["(pid == 1", "10 closing"],
    ["pid == 1 2", "10 operator 2"],
    ["pid == 'x", "8 quote '"],
    ["1 < pid < 3", "9 comparable <"],
    ["", "1 value"],
    ["ep_pol_callback", "1 value ep_pol_callback"],
    ["constructor == 1", "1 field constructor"],
    ["pid == 1; alert(1)", "9 operator ;"],
  ])("that cannot be read says where, and what was expected: %s", (text, expected) => {
    expect(mistake(text)).toBe(expected);
  });

  test("may speak of what records of any event have, and of nothing else", () => {
    expect(FIELDS).toEqual(expect.arrayContaining(["event", "pid", "epi", "fd", "result", "bytes"]));
    expect(FIELDS).not.toContain("__proto__");
    expect(mistake("__proto__ == 1")).toBe("1 field __proto__");
  });
});

describe("a breakpoint", () => {
  const callback = parseBreakpoint(" ep_poll_callback ");

  test("at an event hits wherever that happens, forwards and back", () => {
    const ticks = ticksOf(({ event }) => event === "ep_poll_callback");
    expect(hitsOf(run, callback)).toEqual(ticks);
    expect(nextHit(run, [callback], 0, 1)).toBe(ticks[0]);
    expect(nextHit(run, [callback], ticks[0]!, 1)).toBe(ticks[1]);
    expect(nextHit(run, [callback], ticks[1]!, -1)).toBe(ticks[0]);
    expect(nextHit(run, [callback], ticks[0]!, -1)).toBeNull();
    expect(nextHit(run, [callback], run.ticks, 1)).toBeNull();
  });

  test("that is switched off hits nothing; of several, whichever comes first hits", () => {
    const switch_ = parseBreakpoint("sched_switch");
    expect(allHits(run, [{ ...callback, enabled: false }])).toEqual([]);
    const both = allHits(run, [callback, switch_]);
    expect(both).toEqual(ticksOf(({ event }) => event === "ep_poll_callback" || event === "sched_switch"));
    expect(nextHit(run, [callback, switch_], 0, 1)).toBe(hitsOf(run, switch_)[0]);
  });

  test("at an object hits where a record names it, and where its bytes change without that", () => {
    const wake = records.find(({ event }) => event === "ep_ready")!;
    kernel.seek(wake.tick);
    const [epi] = wake.args;
    const breakpoint = parseBreakpoint(objectText({ struct: "Epitem", address: epi }));
    const hits = hitsOf(run, breakpoint);
    const naming = ticksOf((record) => record.named.some(({ type, value }) => type === "Epitem" && value === epi));
    expect(hits).toEqual(expect.arrayContaining(naming));
    expect(hits.length).toBeGreaterThan(naming.length);
    for (const tick of hits.filter((hit) => hit > 1 && !naming.includes(hit))) {
      const { size } = breakpoint.place as { size: number };
      const bytesAt = (at: number) => {
        kernel.seek(at);
        return kernel.memory.slice(epi, size);
      };
      const named = kernel.trace.at(tick).named.some(({ value }) => value > epi && value < epi + size);
      if (!named) expect(bytesAt(tick)).not.toEqual(bytesAt(tick - 1));
    }
  });

  test("can be set at every kernel function by its name", () => {
    expect(EVENT_NAMES).toContain("tcp_v4_rcv");
    expect(EVENT_NAMES.every((name) => parseBreakpoint(name).place.kind === "event")).toBe(true);
  });

  test("at an address without a struct watches that word", () => {
    expect(parseBreakpoint("0x101a40").place).toEqual({ kind: "object", address: 0x101a40, size: 4 });
    expect(mistake("Nonsense 0x101a40")).not.toBe("none");
  });
});
