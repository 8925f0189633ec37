/// <reference lib="esnext.disposable" preserve="true" />
/*
 * iopath: a small machine with Linux's I/O paths, in WebAssembly.
 */
export * from "./machine/constants.ts";
export { Kernel, type TaskOptions } from "./kernel.ts";
export type { BootOptions } from "./machine/options.ts";
export type { DeviceOptions, DiskOptions, NicOptions } from "./machine/devices.ts";
export type { Breakpoint, BreakpointCondition, Breakpoints } from "./machine/breakpoints.ts";
export type { VmOptions, VmStatValues } from "./machine/vmstat.ts";
export type { CostValues, CounterValues } from "./machine/counters.ts";
export { type Decoded, KernelMemory, type Ptr, type StructName, hex } from "./machine/memory.ts";
export type { AllocationFault, FaultState, FaultedAllocation, Faults } from "./machine/faults.ts";
export type { EpollData, EpollEventLike, EpollEvents, ReportedEvent, UserBuffer } from "./machine/user_memory.ts";
export type { FdSet } from "./machine/fd_set.ts";
export type { IoEvent, Iocb, IocbLike } from "./machine/iocb.ts";
export type { AioRing, ContextPlace } from "./machine/sys_aio.ts";
export type { Cqe, IoUring, RingOptions, SqeLike } from "./machine/io_uring.ts";
export type { Pollfd, PollfdLike, Pollfds } from "./machine/pollfds.ts";
export type { Itimerspec, SelectSets, Timeval } from "./machine/sys_wait.ts";
export { type ErrnoName, errnoName } from "./machine/errno.ts";
export { type EventName, type Language, type TraceArgument, TraceRecord } from "./machine/records.ts";
export type { FileContent, Listener, Loss, Peer, PeerOptions, Received, World, WorldNic } from "./machine/world.ts";
export { digestOf } from "./machine/digest.ts";
export type { DiskFailure, WorldDisk } from "./machine/world_disk.ts";
export type { ControlMessage, ExtendedError, ReceivedMessage, SentMessage } from "./machine/message.ts";
export type { FilledAddress, InternetAddress, SocketAddress, UnixAddress } from "./machine/sockaddr.ts";
export type { ExploreOptions, ExploreProgress, Explored } from "./explore/options.ts";
export { everyTaskEnded } from "./explore/properties.ts";
export type { ExploreResult } from "./explore/explore.ts";
export type { Grain, KilledTask, RunOptions, RunResult, Until } from "./machine/runner.ts";
export { InputError, type InputErrorDetails } from "./errors.ts";
export { type Integer, type PendingCall, type SystemCall, syscallName, syscallNumber } from "./machine/call.ts";
export {
  cpp,
  type CppProgram,
  type Holder,
  type Member,
  type Statement,
  type Struct,
  type Value,
} from "./cpp/notation.ts";
export { type Account, type Allocation, type PlacedObject, accountOf } from "./cpp/account.ts";
export { type Leak, cppLog, leaksOf } from "./cpp/log.ts";
export { sourceLines as cppLines, sourceOf as cppSource } from "./cpp/print.ts";
export { machineProgram } from "./cpp/run.ts";
export { type CppBlock, type CppObject, type CppPointer, type Ownership, ownershipOf } from "./cpp/scene.ts";
export { type Chunk, type ChunkState, type FreeList, type Heap, heapOf } from "./see/heap.ts";
export { checkHeap } from "./see/heap/check.ts";
export type { Inspection, KernelObject } from "./see/inspect.ts";
export type { CacheUsage, FrameUsage, MemoryUsage } from "./see/usage.ts";
export { KernelPanic } from "./machine/panic.ts";
export type { KernelSource } from "./machine/module.ts";
export type { Program } from "./machine/program.ts";
export type { Rlimit, Stat } from "./machine/sys_names.ts";
export type { SleepingTask, Task, TaskStateName } from "./machine/task.ts";
export type { RestartError, SignalDelivery } from "./machine/delivery.ts";
export type { SignalAction, SignalHandler, SignalInfo, SignalSet } from "./machine/signals.ts";
export { SignalJump } from "./machine/signals.ts";
export type { OldAction, WaitStatus } from "./machine/sys_signals.ts";
export { WEXITSTATUS, WIFEXITED, WIFSIGNALED, WTERMSIG } from "./machine/wait_status.ts";
export type { Snapshot } from "./machine/snapshot.ts";
export type { Sys } from "./machine/sys.ts";
export type { Violation } from "./see/invariants.ts";
export type { Trace, TraceFilter } from "./machine/trace.ts";
export type { AdoptedTask } from "./machine/adopted_task.ts";
export type {
  Completion,
  InArgument,
  IoVectorArgument,
  MessageArgument,
  OutArgument,
  Submission,
  SubmitArgument,
} from "./machine/submission.ts";
export {
  type Replay,
  type ReplayOptions,
  type ReplayReport,
  type ReplayedCall,
  Replayer,
  type Tally,
  type Verdict,
  prepareReplay,
  replayStrace,
} from "./trace/replay.ts";
export { ROADS } from "./roads/all.ts";
export { type CountedKind, type CountedMoment, countedMoments } from "./roads/counted.ts";
export {
  type ArrivedStretch,
  type ChangeInFlight,
  type Changed,
  type ChangedRoad,
  canChange,
  changeInFlight,
} from "./roads/in-flight.ts";
export {
  type CacheState,
  type RoadFigures,
  type Walk,
  type Walked,
  type WalkedTicks,
  walkRoad,
} from "./roads/measure.ts";
export type { RoadProgress } from "./roads/progress.ts";
export type { Road, Way } from "./roads/road.ts";
export { STREAM_WAYS } from "./cache/ways.ts";
export type { StreamWay } from "./cache/way.ts";
export type { StreamSettings } from "./cache/settings.ts";
export { type StreamLook, type StreamRun, type StreamSample, runStream } from "./cache/stream.ts";
export { type StreamFigures, figuresOf } from "./cache/figures.ts";
export { WAYS_OF_WAITING } from "./waiting/all.ts";
export type { Load as WaitingLoad } from "./waiting/load.ts";
export { type Served as ServedClients, type WaitingFigures, serveClients } from "./waiting/measure.ts";
export {
  type Evidence as MessageEvidence,
  type Watched as WatchedClients,
  evidenceOf,
  watchClients,
} from "./waiting/watch.ts";
export { type Placed as PlacedWay, placed as placeOfWay } from "./waiting/square.ts";
export type { Service as WaitingService, WayOfWaiting } from "./waiting/way.ts";
