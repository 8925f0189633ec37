import type { Stretch } from "../roads/road.ts";
import type { Sys } from "../machine/sys.ts";

/** A big file, for who reads it. */
export interface Stream {
  readonly path: string;
  /** Length of the file. Unit: bytes. */
  readonly size: number;
  /** How much a call reads at most. Unit: bytes. */
  readonly chunk: number;
  /** Where somebody outside takes whatever comes. */
  readonly server: { readonly host: string; readonly port: number };
}

/** A way in which a program reads a big file once, from beginning to end. */
export interface StreamWay {
  /** What it is called: the call or the advice in which it differs from others. */
  readonly name: string;
  /** How it goes, in a few words. */
  readonly about: string;
  /** The program. @returns how many bytes were read, or -errno. */
  readonly read: (sys: Sys, stream: Stream) => Stretch<number>;
}
