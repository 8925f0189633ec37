import { InputError } from "../../lib/errors.ts";
import { migrate } from "./migrate.ts";
import { plainLink, readPlainLink } from "./plain.ts";
import { PackError, pack, unpack } from "./packed.ts";
import { checkShare } from "./schema.ts";
import { SHARE_VERSION, type Share } from "./share.ts";

/** What a link is called in messages. */
const SOURCE = "link";

/** Where the packed part of a link begins: `#/p/1.`, with the version. */
const PACKED = /^#?\/p\/([^.]*)\.?/;

/** No link is longer: browsers and messengers cut longer ones off. Unit: letters. */
export const LONGEST_LINK = 200_000;

/**
 * The fragment of an address that leads to what is shared. A scenario has one that can be read, `#/run/ID?tick=120`;
 * all else is packed.
 */
export async function writeLink(share: Share): Promise<string> {
  const { run, tick, grain, changes, compare } = share;
  const isPlain = "scenario" in run && changes === undefined && compare === undefined;
  if (!isPlain) return `#/p/${SHARE_VERSION}.${await pack(JSON.stringify(share))}`;
  return plainLink({ scenario: run.scenario, tick, grain });
}

/**
 * What a fragment of an address leads to, written by this playground or an older one.
 *
 * @param scenarios  names of those that there are.
 * @throws InputError for everything else: it names where, and what was expected there.
 */
export async function readLink(hash: string, scenarios: ReadonlySet<string>): Promise<Share> {
  if (hash.length > LONGEST_LINK) fail(1, `at most ${LONGEST_LINK} letters`, `${hash.length} letters`);
  const packed = PACKED.exec(hash);
  const [version, said] = packed ? await readPacked(hash, packed) : [0, readPlain(hash)];
  const column = packed ? packed[0].length + 1 : 1;
  const checked = checkShare(migrate(version, said));
  if ("fault" in checked) fail(column, "a run that was shared", checked.fault);
  const { share } = checked;
  for (const run of [share.run, share.compare]) {
    if (run && "scenario" in run && !scenarios.has(run.scenario))
      fail(column, "the name of a scenario", JSON.stringify(run.scenario));
  }
  return share;
}

/** What a readable link says: a scenario, and perhaps where in its run. */
function readPlain(hash: string): object {
  return readPlainLink(hash) ?? fail(1, "#/run/NAME or #/p/VERSION.LETTERS", JSON.stringify(hash.slice(0, 40)));
}

async function readPacked(hash: string, [head, number]: readonly string[]): Promise<[version: number, said: unknown]> {
  const version = Number(number);
  if (!/^[1-9]\d{0,5}$/.test(number!)) fail(1, "#/p/VERSION.LETTERS", JSON.stringify(head));
  if (version > SHARE_VERSION) {
    fail(head!.indexOf(number!) + 1, `a link of version ${SHARE_VERSION} or older`, `version ${number}`);
  }
  const column = head!.length + 1;
  try {
    return [version, JSON.parse(await unpack(hash.slice(head!.length)))];
  } catch (error) {
    const found = error instanceof PackError ? error.message : "text that is no JSON";
    return fail(column, "a run that was packed", found);
  }
}

function fail(column: number, expected: string, found: string): never {
  throw new InputError({ source: SOURCE, line: 1, column, expected, found });
}
