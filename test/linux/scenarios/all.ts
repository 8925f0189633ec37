import { hazards } from "./hazards.ts";
import { syncs } from "./sync.ts";
import { mmaps } from "./mmap.ts";
import { mremaps } from "./mremap.ts";
import { mmapAccesses } from "./mmap-accesses.ts";
import { zerocopy } from "./zerocopy.ts";
import type { Scenario } from "../scenario.ts";
import { endings } from "./endings.ts";
import { descriptors } from "./descriptors.ts";
import { epoll } from "./epoll.ts";
import { epollCreate } from "./epoll-create.ts";
import { epollIdentity } from "./epoll-identity.ts";
import { epollLimits } from "./epoll-limits.ts";
import { epollScans } from "./epoll-scans.ts";
import { epollItems } from "./epoll-items.ts";
import { eventfds } from "./eventfds.ts";
import { exclusive } from "./exclusive.ts";
import { fifos } from "./fifos.ts";
import { files } from "./files.ts";
import { limits } from "./limits.ts";
import { options } from "./options.ts";
import { pipeRules } from "./pipe-rules.ts";
import { spliceFiles } from "./splice-files.ts";
import { spliceSockets } from "./splice-sockets.ts";
import { splicePipes } from "./splice-pipes.ts";
import { pipes } from "./pipes.ts";
import { socketStates } from "./socket-states.ts";
import { stat } from "./stat.ts";
import { moreSleepers } from "./sleepers.ts";
import { polls } from "./poll.ts";
import { processes } from "./processes.ts";
import { selects } from "./select.ts";
import { tcp } from "./tcp.ts";
import { tcpUrgent } from "./tcp-urgent.ts";
import { tcpFlags } from "./tcp-flags.ts";
import { tcpBuffers } from "./tcp-buffers.ts";
import { aio } from "./aio.ts";
import { uring } from "./uring.ts";
import { uringRings } from "./uring-rings.ts";
import { uringRequests } from "./uring-requests.ts";
import { direct } from "./direct.ts";
import { backlog } from "./backlog.ts";
import { reuseport } from "./reuseport.ts";
import { tcp6 } from "./tcp6.ts";
import { tcpFailures } from "./tcp-failures.ts";
import { scmRights } from "./scm-rights.ts";
import { signals } from "./signals.ts";
import { timerfds } from "./timerfd.ts";
import { transfers } from "./transfers.ts";
import { udp } from "./udp.ts";
import { unix } from "./unix.ts";
import { unixCredentials } from "./unix-credentials.ts";
import { randomFiles } from "./random-files.ts";
import { randomFinds } from "./random-finds.ts";
import { unixDgram } from "./unix-dgram.ts";
import { wakeups } from "./wakeups.ts";

/** Every group of scenarios, by the name of the file with its recorded answers. */
export const groups: Readonly<Record<string, readonly Scenario[]>> = {
  pipes,
  udp,
  unix,
  "unix-credentials": unixCredentials,
  endings,
  "unix-dgram": unixDgram,
  "scm-rights": scmRights,
  eventfds,
  tcp,
  "tcp-failures": tcpFailures,
  "tcp-urgent": tcpUrgent,
  "tcp-flags": tcpFlags,
  "tcp-buffers": tcpBuffers,
  backlog,
  reuseport,
  tcp6,
  descriptors,
  epoll,
  "epoll-create": epollCreate,
  "epoll-identity": epollIdentity,
  "epoll-limits": epollLimits,
  "epoll-scans": epollScans,
  "epoll-items": epollItems,
  options,
  signals,
  processes,
  wakeups,
  "socket-states": socketStates,
  sleepers: moreSleepers,
  exclusive,
  fifos,
  files,
  "pipe-rules": pipeRules,
  "splice-pipes": splicePipes,
  "splice-files": spliceFiles,
  "splice-sockets": spliceSockets,
  stat,
  limits,
  poll: polls,
  select: selects,
  timerfd: timerfds,
  aio,
  uring,
  "uring-requests": uringRequests,
  "uring-rings": uringRings,
  direct,
  "random-files": randomFiles,
  "random-finds": randomFinds,
  zerocopy,
  sync: syncs,
  transfers,
  mmap: mmaps,
  "mmap-accesses": mmapAccesses,
  mremap: mremaps,
  hazards,
};
