/** So many bytes are written as a string; more as an array. */
const LONGEST_STRING = 2000;

const ESCAPES: Readonly<Record<number, string>> = { 9: "\\t", 10: "\\n", 13: "\\r", 34: '\\"', 63: "\\?", 92: "\\\\" };

/** Bytes as the text of a string in C, without the quotes: what is not printable in octal. */
export function escaped(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => {
    if (ESCAPES[byte] !== undefined) return ESCAPES[byte];
    return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`;
  }).join("");
}

/** Collects the data of a program that is too long to stand in a call. */
export class Data {
  readonly #arrays: string[] = [];
  readonly #names = new Map<string, string>();

  /** An expression for bytes that are only read. */
  of(bytes: Uint8Array): string {
    if (bytes.length <= LONGEST_STRING) return `"${escaped(bytes)}"`;
    const key = bytes.join();
    const known = this.#names.get(key);
    if (known) return known;
    const name = `data_${this.#arrays.length + 1}`;
    this.#names.set(key, name);
    const rows = Array.from({ length: Math.ceil(bytes.length / 24) }, (_, i) =>
      Array.from(bytes.subarray(i * 24, i * 24 + 24)).join(", "),
    );
    this.#arrays.push(`static const unsigned char ${name}[${bytes.length}] = {\n\t${rows.join(",\n\t")}\n};\n`);
    return name;
  }

  /** The declarations. */
  get text(): string {
    return this.#arrays.join("\n");
  }
}
