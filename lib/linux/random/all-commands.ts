import * as commands from "./commands.ts";
import type { Command } from "./commands.ts";
import { MESSAGE_COMMANDS } from "./message-commands.ts";
import { SIGNAL_COMMANDS } from "./signal-commands.ts";
import { NAME_COMMANDS } from "./name-commands.ts";
import { DESCRIPTOR_COMMANDS } from "./descriptor-commands.ts";
import { UDP_COMMANDS } from "./udp-commands.ts";
import { URGENT_COMMANDS } from "./urgent-commands.ts";
import { WAIT_COMMANDS } from "./wait-commands.ts";

/** Commands, each as often as it is to come up. */
type Weighted = readonly (readonly [weight: number, command: Command])[];

const repeated = (list: Weighted): Command[] =>
  list.flatMap(([weight, command]) => Array.from({ length: weight }, () => command));

/** Every command that no program's own process is needed for, the plain ones first: shrinking goes towards them. */
export const COMMANDS: readonly Command[] = repeated([
  [4, commands.pipe2],
  [4, commands.socketpair],
  [4, commands.eventfd],
  [4, commands.epoll_create1],
  [14, commands.read],
  [16, commands.write],
  [22, commands.epoll_wait],
  [20, commands.epoll_ctl],
  [4, commands.connection],
  [2, commands.unixConnection],
  [4, commands.socket],
  [3, commands.bind],
  [3, commands.listen],
  [5, commands.connect],
  [5, commands.accept4],
  [6, commands.recv],
  [6, commands.send],
  [5, commands.shutdown],
  [5, commands.close],
  [3, commands.dup],
  [2, commands.dup2],
  [4, commands.fcntl],
  [4, commands.getsockopt],
  [3, commands.setsockopt],
  [3, commands.ioctl],
  ...NAME_COMMANDS,
  ...MESSAGE_COMMANDS,
  ...WAIT_COMMANDS,
  ...UDP_COMMANDS,
  ...URGENT_COMMANDS,
  ...DESCRIPTOR_COMMANDS,
] as const);

/** The same, and those of signals that a task sends to itself. */
export const COMMANDS_WITH_SIGNALS: readonly Command[] = [...COMMANDS, ...repeated(SIGNAL_COMMANDS)];
