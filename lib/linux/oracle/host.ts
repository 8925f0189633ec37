/** Number of the next program. It begins anywhere, so that the addresses differ from those of a minute ago. */
let programs = Math.floor(Math.random() * 16_000_000);

/** 127.x.y.z, another for every program: ports and their TIME_WAIT are the program's own. */
export function freshHost(): string {
  const n = programs++;
  return `127.${1 + (Math.floor(n / 65_024) % 250)}.${Math.floor(n / 254) % 256}.${1 + (n % 254)}`;
}
