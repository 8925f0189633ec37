import type { CompiledQuestion, Question } from "./question.ts";
import { alwaysFaster } from "./15-always-faster.ts";
import { balance } from "./11-balance.ts";
import { closed } from "./08-closed.ts";
import { completion } from "./17-completion.ts";
import { copies } from "./20-copies.ts";
import { direct } from "./23-direct.ts";
import { emfile } from "./18-emfile.ts";
import { emptyEdge } from "./02-empty-edge.ts";
import { fairness } from "./04-fairness.ts";
import { hangUps } from "./07-hang-ups.ts";
import { herd } from "./10-herd.ts";
import { inFlight } from "./21-in-flight.ts";
import { lostClients } from "./03-lost-clients.ts";
import { mapped } from "./22-mapped.ts";
import { noEvents } from "./06-no-events.ts";
import { ownership } from "./24-ownership.ts";
import { partRead } from "./01-part-read.ts";
import { regularFiles } from "./16-regular-files.ts";
import { select1024 } from "./19-select-1024.ts";
import { sharedMemory } from "./13-shared-memory.ts";
import { spinning } from "./05-spinning.ts";
import { threads } from "./12-threads.ts";
import { tree } from "./14-tree.ts";
import { wrongConnection } from "./09-wrong-connection.ts";

/** Questions that people ask, by number, each with the program of system calls that answers it. */
export const QUESTIONS: readonly Question[] = [
  partRead,
  emptyEdge,
  lostClients,
  fairness,
  spinning,
  noEvents,
  hangUps,
  closed,
  wrongConnection,
  herd,
  balance,
  threads,
  sharedMemory,
  tree,
  alwaysFaster,
  regularFiles,
  completion,
  emfile,
  select1024,
  copies,
  inFlight,
  mapped,
  direct,
];

/** Those that C++ programs answer. */
export const COMPILED_QUESTIONS: readonly CompiledQuestion[] = [ownership];
