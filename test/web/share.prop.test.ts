import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../lib/index.ts";
import { readLink, writeLink } from "../../web/share/link.ts";
import { LONGEST_TEXT, pack, unpack } from "../../web/share/packed.ts";
import { LONGEST_PROGRAM, type Share } from "../../web/share/share.ts";
import { SCENARIOS } from "../../web/scenarios/all.ts";

const names = SCENARIOS.map(({ id }) => id);
const known = new Set(names);

const runs = fc.oneof(
  fc.record({ scenario: fc.constantFrom(...names) }),
  fc.record({
    program: fc.string({ unit: "binary", maxLength: 400 }),
    cpus: fc.integer({ min: 1, max: 64 }),
    seed: fc.maxSafeNat(),
  }),
);
const ticks = fc.nat(1e9);
const changes = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("choose" as const), tick: ticks, pid: fc.nat(1000) }),
    fc.record({ kind: fc.constant("fail-allocation" as const), tick: ticks }),
  ),
  { maxLength: 5 },
);
const shares: fc.Arbitrary<Share> = fc.record(
  {
    v: fc.constant(1 as const),
    run: runs,
    tick: fc.option(ticks, { nil: null }),
    grain: fc.option(fc.constantFrom("syscall" as const, "function" as const, "tick" as const), { nil: null }),
    changes,
    compare: runs,
  },
  { requiredKeys: ["v", "run", "tick", "grain"] },
);

/** What reading a link says of it; undefined: nothing. */
async function faultOf(hash: string): Promise<string | undefined> {
  try {
    await readLink(hash, known);
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

/** A packed link that says something. */
const packedLink = async (said: unknown, version = 1) => `#/p/${version}.${await pack(JSON.stringify(said))}`;

const good: Share = { v: 1, run: { program: "yield", cpus: 1, seed: 1 }, tick: 3, grain: null };

describe("a link", () => {
  test("is read as it was written", async () => {
    await fc.assert(
      fc.asyncProperty(shares, async (share) => {
        const link = await writeLink(share);
        expect(link).toMatch(/^#\/[\w/.?=&-]+$/);
        expect(await readLink(link, known)).toEqual(share);
      }),
    );
  });

  test("of any letters leads somewhere or is refused with the one class of error", async () => {
    const heads = fc.constantFrom("", "#/p/1.", "#/run/", "#/p/", "#/p/2.", "#/run/echo?");
    await fc.assert(
      fc.asyncProperty(heads, fc.string({ unit: "binary" }), async (head, rest) => {
        await faultOf(head + rest);
      }),
    );
  });

  test("with a letter changed leads somewhere or is refused with the one class of error", async () => {
    const link = await writeLink(good);
    await fc.assert(
      fc.asyncProperty(fc.nat(link.length - 1), fc.stringMatching(/^[\w-]$/), async (at, letter) => {
        await faultOf(link.slice(0, at) + letter + link.slice(at + 1));
      }),
    );
  });

  test("of the first version of the playground still opens", async () => {
    expect(await readLink("#/run/et-hang?tick=120", known)).toEqual({
      v: 1,
      run: { scenario: "et-hang" },
      tick: 120,
      grain: null,
    });
    expect(await readLink("#/run/echo", known)).toEqual({ v: 1, run: { scenario: "echo" }, tick: null, grain: null });
  });

  test("to a scenario can be read by people", async () => {
    expect(await writeLink({ v: 1, run: { scenario: "echo" }, tick: 120, grain: "tick" })).toBe(
      "#/run/echo?tick=120&grain=tick",
    );
  });

  test("to a program of 200 lines has at most 1,500 letters", async () => {
    const texts = Object.values(
      import.meta.glob<string>("../../web/scenarios/programs/*.ts", { query: "?raw", import: "default", eager: true }),
    );
    const longest = Math.max(
      ...(await Promise.all(
        texts.map(async (program) => (await writeLink({ ...good, run: { program, cpus: 1, seed: 1 } })).length),
      )),
    );
    expect(longest).toBeLessThanOrEqual(1500);
  });
});

describe("refused, saying what was expected, is a link", () => {
  test.each([
    [
      "of a later version",
      `#/p/2.${"A".repeat(20)}`,
      "link:1:5: expected a link of version 1 or older, found version 2",
    ],
    ["without a version", "#/p/AAAA", "link:1:1: expected #/p/VERSION.LETTERS"],
    ["with letters that base64url has not", "#/p/1.a%20b", "found other letters than those of base64url"],
    ["in base64url that is cut off", "#/p/1.AAAAA", "found base64url that is cut off"],
    ["with bytes that are not deflated", "#/p/1._____w", "found bytes that are not deflated"],
    ["with nothing in it", "#/p/1.", "found other letters than those of base64url"],
    ["to a scenario that there is not", "#/run/nothing", 'expected the name of a scenario, found "nothing"'],
    ["to nowhere", "#/elsewhere", "expected #/run/NAME or #/p/VERSION.LETTERS"],
  ])("%s", async (_, link, message) => {
    expect(await faultOf(link)).toContain(message);
  });

  test("with deflated text that is no JSON", async () => {
    expect(await faultOf(`#/p/1.${await pack("{")}`)).toContain("found text that is no JSON");
  });

  test.each<[string, unknown]>([
    ["a list", []],
    ["null", null],
    ["a number of CPUs that no machine has", { ...good, run: { program: "", cpus: 65, seed: 1 } }],
    ["a number of CPUs that is a text", { ...good, run: { program: "", cpus: "1", seed: 1 } }],
    ["a tick before the first", { ...good, tick: -1 }],
    ["a tick between two", { ...good, tick: 0.5 }],
    ["a grain that there is not", { ...good, grain: "line" }],
    ["a name that nobody knows", { ...good, extra: 1 }],
    ["a change of a kind that nobody knows", { ...good, changes: [{ kind: "rewrite" }] }],
    ["a program that is too long", { ...good, run: { program: "x".repeat(LONGEST_PROGRAM + 1), cpus: 1, seed: 1 } }],
    ["another version than its own", { ...good, v: 2 }],
    ["markup for a name", { ...good, run: { scenario: "<img src=x onerror=alert(1)>" } }],
  ])("that says %s", async (_, said) => {
    expect(await faultOf(await packedLink(said))).toMatch(/^link:1:7: expected a run that was shared, found /);
  });

  test("that reaches for the prototype of things", async () => {
    const link = `#/p/1.${await pack('{"v":1,"run":{"scenario":"echo"},"tick":1,"grain":null,"__proto__":{"bad":1}}')}`;
    await faultOf(link);
    expect(({} as { bad?: number }).bad).toBeUndefined();
  });

  test("that unpacks to far more than anybody has written", async () => {
    const bomb = `#/p/1.${await pack("0".repeat(50_000_000))}`;
    expect(bomb.length).toBeLessThan(100_000);
    expect(await faultOf(bomb)).toContain(`found more than ${LONGEST_TEXT} bytes`);
  });

  test("that is longer than any link", async () => {
    expect(await faultOf(`#/p/1.${"A".repeat(300_000)}`)).toContain("expected at most 200000 letters");
  });
});

test("a text is unpacked as it was packed", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "grapheme" }), async (text) => {
      fc.pre(text !== "");
      expect(await unpack(await pack(text))).toBe(text);
    }),
  );
});
