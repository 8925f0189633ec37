import * as commands from "./commands.ts";
import type { Command } from "./commands.ts";
import { MESSAGE_COMMANDS } from "./message-commands.ts";
import { NAME_COMMANDS } from "./name-commands.ts";
import { WAIT_COMMANDS } from "./wait-commands.ts";

/** Every command as often as it is to come up, the plain ones first: shrinking goes towards them. */
export const COMMANDS: readonly Command[] = (
  [
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
  ] as const
).flatMap(([weight, command]) => Array.from({ length: weight }, () => command));
