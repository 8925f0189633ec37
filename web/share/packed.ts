/** The longest text that is unpacked; what goes on is a decompression bomb. Unit: bytes. */
export const LONGEST_TEXT = 512 * 1024;

/** Thrown for bytes that are no packed text; the message says what they are. */
export class PackError extends Error {}

/** A text as few letters that may stand in an address: deflated, in base64url. */
export async function pack(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let letters = "";
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The text that pack() has packed. @throws PackError for anything else, and for what is too long. */
export async function unpack(packed: string): Promise<string> {
  const chunks = await inflate(bytesOf(packed));
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await new Blob(chunks).arrayBuffer());
  } catch {
    throw new PackError("bytes that are no text");
  }
}

function bytesOf(packed: string): Uint8Array<ArrayBuffer> {
  if (!/^[\w-]+$/.test(packed)) throw new PackError("other letters than those of base64url");
  try {
    return Uint8Array.from(atob(packed.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  } catch {
    throw new PackError("base64url that is cut off");
  }
}

/** Unpacks piece by piece, so that no more than the limit is ever in memory. */
async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>[]> {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new PackError("bytes that are not deflated, or cut off");
    });
    if (done) return chunks;
    length += value.length;
    if (length > LONGEST_TEXT) {
      void reader.cancel();
      throw new PackError(`more than ${LONGEST_TEXT} bytes`);
    }
    chunks.push(value as Uint8Array<ArrayBuffer>);
  }
}
