import { CHAR, type CppProgram, type Holder, type Struct } from "./notation.ts";

/** sizeof of what owns or observes an object, on x86-64. Unit: bytes. */
export const HOLDER_SIZE: Readonly<Record<Holder, number>> = {
  shared_ptr: 16,
  weak_ptr: 16,
  unique_ptr: 8,
  pointer: 8,
};

/** How a struct lies in memory, as g++ lays it out on x86-64. */
export interface StructLayout {
  readonly struct: Struct;
  /** Number of the struct in its program. */
  readonly id: number;
  /** Unit: bytes. */
  readonly size: number;
  /** Unit: bytes. */
  readonly align: number;
  /** Where `data` lies. Unit: bytes. */
  readonly data: number;
  /** Where each member lies, in order. Unit: bytes. */
  readonly offsets: readonly number[];
}

const up = (size: number, align: number) => Math.ceil(size / align) * align;

function layoutOf(struct: Struct, id: number): StructLayout {
  const data = struct.sharedFromThis ? 16 : 0;
  const align = struct.sharedFromThis || struct.members.length > 0 ? 8 : 1;
  let end = data + struct.bytes;
  const offsets = struct.members.map(({ holder }) => {
    const offset = up(end, 8);
    end = offset + HOLDER_SIZE[holder];
    return offset;
  });
  return { struct, id, size: Math.max(1, up(end, align)), align, data, offsets };
}

/** The structs of a program by name. @throws TypeError for a name that is used twice. */
export function layoutsOf({ structs }: Pick<CppProgram, "structs">): Map<string, StructLayout> {
  const layouts = new Map<string, StructLayout>();
  structs.forEach((struct, id) => {
    if (layouts.has(struct.name) || struct.name === CHAR)
      throw new TypeError(`another struct is called ${struct.name}`);
    layouts.set(struct.name, layoutOf(struct, id));
  });
  return layouts;
}
