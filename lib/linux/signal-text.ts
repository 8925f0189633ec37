/** sizeof(struct signalfd_siginfo), and where it has what. */
const SIZE = 128;
const [SIGNO, CODE, FD, BAND, STATUS, VALUE, UNUSED] = [0, 8, 20, 28, 40, 44, 96];

/**
 * What was read of a signalfd, without numbers of processes and times, which differ from computer to computer; undefined:
 * these bytes are of something else.
 */
export function signalsText(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0 || bytes.length % SIZE !== 0) return undefined;
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; at += SIZE) {
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, SIZE);
    const isSignal =
      view.getUint32(SIGNO, true) <= 64 && bytes.slice(at + UNUSED, at + SIZE).every((byte) => byte === 0);
    if (!isSignal || view.getUint32(SIGNO, true) === 0) return undefined;
    const [code, fd, band] = [CODE, FD, BAND].map((place) => view.getInt32(place, true));
    const [status, value] = [STATUS, VALUE].map((place) => view.getInt32(place, true));
    texts.push(`${view.getUint32(SIGNO, true)} code ${code} fd ${fd} band ${band} status ${status} value ${value}`);
  }
  return `signals [${texts.join(", ")}]`;
}
