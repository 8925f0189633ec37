/**
 * The rules of Linux's multiplexing that this project holds itself to, each by a number that tests name in front of
 * their claim: `scenario("S-8: ...")`, `test("A-1, A-2: ...")`. Titles are short; the tests say the rest.
 */

/** Rules about one subject. */
export interface Area {
  /** What of Linux is here, in a few words. */
  readonly title: string;
  /** Where it is, from the root of the repository: a file or the beginning of the names of several. */
  readonly sources: readonly string[];
  /** Title of each rule, by its number. */
  readonly rules: Readonly<Record<string, string>>;
  /** Rules that do not hold here, by number, and why. */
  readonly missing: Readonly<Record<string, string>>;
  /** Groups of scenarios that are about the subject as a whole, where there are no rules by number. */
  readonly groups: readonly string[];
}

/** Makes an area. @param rules  a rule a line: its number, a space, its title. */
function area(title: string, sources: readonly string[], rules: string, missing: Record<string, string> = {}): Area {
  const lines = rules.trim().split("\n");
  const entries = lines.map((line): [string, string] => {
    const [id = "", ...words] = line.trim().split(" ");
    return [id, words.join(" ")];
  });
  return { title, sources, rules: Object.fromEntries(entries), missing, groups: [] };
}

/** Makes an area without rules by number: what is known of it is that its scenarios are answered alike. */
function subject(title: string, sources: readonly string[], groups: readonly string[]): Area {
  return { title, sources, rules: {}, missing: {}, groups };
}

/** All areas, in the order in which the README shows them. */
export const AREAS: readonly Area[] = [
  area(
    "Wait queues",
    ["assembly/kernel/wait.ts", "assembly/kernel/sched.ts"],
    `
    A-1 a wake-up calls the entries of one list from its head, with mode, flags and key
    A-2 it stops after enough exclusive entries were woken; plain ones never count
    A-3 plain waiters are called newest first
    A-4 exclusive waiters stand at the end, oldest first
    A-5 sleepers of epoll_wait stand in front: the newest is woken first
    A-6 a plain wake-up wakes one exclusive waiter, wake_up_all everybody
    A-7 a key says what has become true; without one everybody is told
    A-8 what is taken off the queue: a task that was woken; with epoll in any case
    A-9 a synchronous wake-up is a hint for the scheduler
    A-10 who is awake already does not count as woken
    `,
    { "A-9": "the hint changes nothing that programs see, and this scheduler does not take it" },
  ),
  area(
    "Page cache, read-ahead, dirty pages",
    ["assembly/mm/filemap", "assembly/mm/readahead.ts", "assembly/mm/truncate.ts", "assembly/mm/fadvise.ts"],
    `
    PC-1 a missing page is read with a window; a marked one begins the next; who needs one that is under way waits
    PC-2 the size of a first window, and where its mark is
    PC-3 the sizes of the windows that follow
    PC-4 windows are rounded to large folios
    PC-5 a read that covers the mark begins the next window in the same call
    PC-6 a read somewhere reads what it wants and nothing ahead
    PC-7 what was read last is known of each open file; the next page is a sequence
    PC-8 advice: random, sequential, will need; readahead()
    PC-9 DONTNEED drops what is clean, and begins to write what is not
    PC-10 RWF_NOWAIT finds what is there, else EAGAIN
    PC-11 how much may be read ahead differs by device
    PC-12 mincore() counts pages that hold their bytes, cachestat() those under way too
    DW-1 what a write has to read first
    DW-2 what is counted as written when a page becomes dirty
    `,
    {
      "PC-4": "folios have one page each",
      "PC-12": "there is no cachestat()",
    },
  ),
  area(
    "Memory that runs short, writing back",
    [
      "assembly/mm/swap.ts",
      "assembly/mm/vmscan",
      "assembly/mm/workingset.ts",
      "assembly/mm/page_writeback",
      "assembly/mm/filemap_sync.ts",
      "assembly/fs/fs_writeback.ts",
      "assembly/fs/sync.ts",
      "assembly/fs/super.ts",
    ],
    `
    LR-1 a new page is inactive; the second use makes it active
    LR-2 what is taken away: clean pages from the inactive end; mapped ones get a round more, dirty ones are written first
    LR-3 active pages become inactive only while there are too many of them
    LR-4 a stream of pages that are read once drives out others that were read once
    LR-5 of pages that were read twice, a part survives such a stream
    LR-6 a page that comes back soon is active at once
    LR-7 one that was active before counts as thrashing
    LR-8 reads of one page one behind the other are one use
    DW-3 fsync() writes what is dirty; it stays, clean
    DW-4 when the flusher begins, and when writers are paused
    `,
    { "LR-5": "all of them survive where nothing else happens; on Linux about half, in one run" },
  ),
  area(
    "Descriptors and open files",
    ["assembly/fs/file", "assembly/fs/fdtable.ts", "assembly/fs/fcntl.ts", "assembly/fs/flatfs"],
    `
    B-1 a new descriptor gets the lowest free number
    B-2 the table begins with 64 places, doubles, and never shrinks
    B-3 EMFILE at the limit; EBADF for dup2 beyond it
    B-4 dup2 and dup3 onto the same number, and onto an open one
    B-5 copies share position and status flags; close-on-exec belongs to the number
    B-6 two opens are two files
    B-7 a file goes with its last reference
    B-8 close wakes nobody, and a call under way keeps its file
    B-9 what goes with close is gone when close returns
    B-10 what only names a file cannot be watched
    B-11 a file without a poll method is always ready
    `,
  ),
  area(
    "epoll_create, epoll_ctl",
    ["assembly/fs/eventpoll.ts", "assembly/fs/eventpoll_ctl.ts", "assembly/fs/eventpoll_types.ts"],
    `
    C-1 epoll_create checks its size and ignores it
    C-2 epoll_create1 knows close-on-exec alone
    C-3 flags are checked before a descriptor is reserved
    C-4 the file is an anonymous one, for reading and writing
    C-5 it is neither read, written, mapped nor asked
    C-6 what an eventpoll consists of
    C-7 copies and forks are the same eventpoll
    L-1 a bad event pointer comes first of all
    L-2 then bad descriptors
    L-3 then files that cannot be watched
    L-4 EPOLLWAKEUP is taken away without a word
    L-5 then what is no eventpoll, or is itself
    L-6 EPOLLEXCLUSIVE cannot be modified into
    L-7 what may be asked together with EPOLLEXCLUSIVE
    L-8 that is checked before the item is looked up
    L-9 nests are checked by ADD, and only where there are some
    L-10 rings and chains of more than five are ELOOP
    L-11 only eventpolls count as links
    L-12 at most 500, 100, 50 and 10 ways of 2 to 5 links
    L-13 EEXIST, ENOENT and unknown operations
    L-14 an exclusive item cannot be modified, but removed
    L-15 ERR and HUP are always asked for
    L-16 ENOSPC when there are too many items
    L-17 what can be watched and what cannot
    L-18 attributes of sysfs and mounts can be watched
    L-19 what an eventpoll watches can be read
    K-1 one file under two numbers is two items
    K-2 an item outlives its number while the file is open
    K-3 it can then not be removed
    K-4 another file under the number is another item
    K-5 and is removed without the old one
    K-6 the old pair made again can be removed
    K-7 with the last reference the items go
    K-8 a child's copy counts
    K-9 a child adds a file of its own
    K-10 items are ordered by file, then number
    `,
    { "L-18": "there are neither sysfs nor procfs" },
  ),
  area(
    "Becoming ready",
    ["assembly/fs/eventpoll_ready.ts"],
    `
    I-1 an item is counted, and takes a copy of the event
    I-2 it is linked to its file and into the tree
    I-3 one that is refused leaves nothing behind
    I-4 a wake-up source, if that was asked for
    I-5 one entry for each wait queue that the file's poll method names
    I-6 ADD of what is ready queues the item and wakes one sleeper
    I-7 also if it is edge-triggered
    I-8 MOD stores, looks again, and so re-arms
    I-9 MOD to what is not true leaves the item queued until the next scan
    I-10 DEL and close take it out of everything, and wake nobody
    I-11 closing an eventpoll takes it out of outer ones
    I-12 a mask without events is switched off, but for ERR and HUP
    P-1 an item that has told its one shot hears nothing
    P-2 nor one that wants something else than the key says
    P-3 a wake-up without a key queues it in any case
    P-4 during a scan it is put aside; one that is queued keeps its place
    P-5 each event wakes a sleeper, also for a queued item
    P-6 when an exclusive item takes the wake-up for itself
    P-7 a plain one never does
    P-8 outer eventpolls are told too
    P-9 a wait queue that dies lets go of its entries
    `,
    {
      "I-4": "EPOLLWAKEUP is taken away before, as for programs without the right to it",
    },
  ),
  area(
    "epoll_wait: delivery",
    ["assembly/fs/eventpoll_wait.ts"],
    `
    S-1 a scan takes the whole ready list
    S-2 each item is asked again; what is not ready is dropped
    S-3 an event is 12 bytes: mask and data
    S-4 what cannot be copied out is not lost
    S-5 one-shot: switched off by being told
    S-6 level-triggered: back to the end of the list
    S-7 edge-triggered: not put back
    S-8 the order of the list after a scan
    S-9 what fires during the scan after it was told
    S-10 what is left wakes the next sleeper
    S-11 few slots: everybody has a turn
    S-12 the mask is that of the moment of delivery
    S-13 RDNORM and its like only for who asks
    S-14 two writes before a wait are one event
    S-15 what was read before the wait is none
    S-16 a partial read is no edge
    `,
  ),
  area(
    "epoll_wait: waiting, signals, time",
    ["assembly/kernel/time.ts", "assembly/kernel/sys.ts"],
    `
    W-1 the timeout: none, for ever, until a deadline
    W-2 the order of the checks
    W-3 a buffer is looked at when there is something for it
    W-4 what is looked at before and after a sleep
    W-5 an event goes before a signal
    W-6 a timeout of 0 goes before a signal
    W-7 EINTR is never restarted
    W-8 stop and continue end a wait
    W-9 a masked signal does not
    W-10 epoll_pwait's mask is for the call
    W-11 epoll_pwait2 takes nanoseconds
    W-12 a sleep is never too short
    W-13 a wake-up in vain keeps the deadline
    W-14 an event that meets the deadline is not lost
    W-15 a fatal signal goes before events
    W-16 what is always ready is never missed
    W-17 a wait costs what is ready, not what is watched
    `,
  ),
  area(
    "Who is woken",
    ["assembly/kernel/sched.ts"],
    `
    X-1 one edge, one sleeper: the newest
    X-2 spaced events all go to the same one
    X-3 a level that nobody reads wakes all
    X-4 a one-shot wakes one
    X-5 without EXCLUSIVE every eventpoll wakes a sleeper
    X-6 with EXCLUSIVE the first that has one
    X-7 always the same
    X-8 those before the winner are told, those behind are not
    X-9 mixed: all plain ones, then one exclusive
    X-10 blocked accepts: one for a connection, in order
    X-11 blocked pipe readers: likewise, and who leaves something wakes the next
    X-12 blocked pipe writers likewise
    X-13 the end wakes everybody
    X-14 eventfd readers all wake, one takes the value
    X-15 sleepers of poll and select all wake
    X-16 shutdown ends blocked accepts, close does not
    X-17 ADD and MOD wake, DEL and close do not
    X-18 in which order several get on is not defined
    `,
  ),
  area(
    "Nested eventpolls",
    ["assembly/fs/eventpoll_nested.ts"],
    `
    N-1 an eventpoll polls as IN and RDNORM
    N-2 asking it is a scan, which takes no edge away
    N-3 each inner event is an outer edge
    N-4 reading the inner one is none
    N-5 a wake-up goes up through all levels
    N-6 nested and exclusive exclude each other
    N-7 a closed inner one is gone from the outer one
    N-8 depth and rings are looked at by ADD alone
    `,
  ),
  area(
    "TCP sockets",
    ["assembly/net/tcp", "assembly/net/inet", "assembly/net/af_inet.ts"],
    `
    T.new not connected
    T.bound bound, not connected
    T.listen listening
    T.lshut listening, then shut down
    T.synsent connecting
    T.est connected
    T.data data has come
    T.full send buffer full
    T.fin the other side has ended
    T.fin2 both sides have ended
    T.shrd own reading side shut
    T.shrw both own sides shut
    T.rst reset
    T.rst3 the error is told once
    T.refused refused
    T.oob urgent byte
    T.lowat SO_RCVLOWAT
    TC-1 when HUP, RDHUP and OUT are set
    TC-2 IN waits for SO_RCVLOWAT
    TC-3 OUT waits for a third of the buffer
    TC-4 room is told only after it was missed
    TC-5 the keys of its wake-ups
    TC-6 who waits for OUT sees an end, not data
    TC-7 what a reset does, and which errno
    TC-8 the pending error is told once
    TC-9 data from before a reset can be read
    TC-10 close with unread data resets
    TC-11 the first write after the other side's close succeeds
    TC-12 data is readable after SHUT_RD
    TC-13 loopback is synchronous
    TC-14 watched before it is connected
    TC-15 sending nothing; no message boundaries
    TC-16 errnos of shutdown and listen
    `,
  ),
  area(
    "UNIX sockets",
    ["assembly/net/unix", "assembly/net/af_unix.ts"],
    `
    U.idle a pair
    U.data data has come
    U.new not connected
    U.listen listening
    U.backlog a connection waits
    U.fin the other side has ended
    U.full send buffer full
    U.full2 room again
    U.lclose the listener is closed
    U.both both have ended
    U.close the other side is closed
    U.closeunread closed with data unread
    U.shrd own reading side shut
    UX-1 shutdown is mirrored at once
    UX-2 writable up to a quarter of the buffer
    UX-3 each read is an edge for the writer
    UX-4 the keys of its wake-ups
    UX-5 backlog
    UX-6 closing a listener resets who waits
    UX-7 datagram pairs know no end
    `,
  ),
  area(
    "Pipes and FIFOs",
    ["assembly/fs/pipe"],
    `
    PI-1 16 slots of a page, and F_SETPIPE_SZ
    PI-2 writes merge into the newest slot
    PI-3 full is a matter of slots
    PI-4 OUT if a slot is free
    PI-5 up to PIPE_BUF all or nothing
    PI-6 larger writes in part
    PI-7 writing nothing, and without readers
    PI-8 a slot is free when it is empty
    PI-9 writers are woken when full ends
    PI-10 readers of a polled pipe are woken by each write
    PI-11 the keys of its wake-ups
    PI-12 two wait queues
    PI-13 the end wakes everybody
    PI-14 IN, HUP, OUT and ERR
    PI-15 a FIFO without a writer yet
    PI-16 opening FIFOs
    PI-17 packet mode
    PI-18 no position; FIONREAD
    PI-19 two pages are kept
    `,
  ),
  area(
    "eventfd",
    ["assembly/fs/eventfd.ts"],
    `
    EV-1 the counter and the semaphore
    EV-2 lengths
    EV-3 ~0 and overflow
    EV-4 writing 0 wakes
    EV-5 IN, OUT and ERR
    EV-6 the keys of its wake-ups
    EV-7 each write is an edge
    EV-8 flags
    `,
  ),
  area(
    "timerfd",
    ["assembly/fs/timerfd"],
    `
    TF-1 clocks and bad arguments
    TF-2 reading
    TF-3 a periodic timer is started again by reading
    TF-4 who does not read gets one edge
    TF-5 gettime starts it again too
    TF-6 settime clears and tells the old
    TF-7 a time in the past
    TF-8 cancelled by a change of the clock
    `,
  ),
  area(
    "accept",
    ["assembly/net/accept.ts"],
    `
    AC-1 the order of the checks
    AC-2 EMFILE takes no connection
    AC-3 a bad address loses one
    AC-4 O_NONBLOCK is not inherited
    AC-5 not listening, empty
    AC-6 first come, first served
    AC-7 how many fit
    AC-8 when full, SYNs are dropped
    AC-9 and last ACKs
    AC-10 the SYN queue
    AC-11 data and resets before accept
    AC-12 closing a listener
    AC-13 edge-triggered, and a burst
    AC-14 each connection wakes
    AC-15 SO_REUSEPORT
    `,
  ),
  area(
    "poll, select",
    ["assembly/fs/select"],
    `
    PS-1 asks all, waits on those before the first ready one
    PS-2 and asks all again after a wake-up
    PS-3 wake-ups are filtered by key
    PS-4 negative and closed descriptors
    PS-5 ERR and HUP unasked
    PS-6 too many, and bad pointers
    PS-7 what the sets of select mean
    PS-8 select and closed descriptors
    PS-9 select tells the time that is left
    PS-10 regular files
    PS-11 EINTR
    `,
  ),
  area(
    "splice, tee, vmsplice, sendfile",
    ["assembly/fs/splice", "assembly/fs/vmsplice.ts", "assembly/fs/sendfile.ts", "assembly/net/socket_splice.ts"],
    `
    SF-1 what splice refuses
    SF-2 empty and full pipes
    SF-3 a file fills free slots
    SF-4 a page of a file is shared, not copied
    SF-5 such a slot is not added to
    SF-6 tee
    SF-7 vmsplice shares pages of programs
    SF-8 sendfile goes in rounds
    SF-9 what sendfile refuses
    SF-10 positions
    SF-11 the greatest count
    SF-12 sendfile to a socket that does not wait
    SF-13 sockets refer to pages of files
    SF-14 not so if the device does not gather
    SF-15 MSG_ZEROCOPY tells on the error queue
    `,
  ),
  area(
    "Memory that is mapped",
    ["assembly/mm/m", "assembly/mm/filemap_fault.ts", "assembly/mm/rmap.ts"],
    `
    MF-1 a page that is on the disk alone is a major fault, and read with those around
    MF-2 a load maps the cached pages around
    MF-3 advice and misses stop that
    MF-4 a store to a shared page is a fault of its own, and makes it dirty
    MF-5 so is the first one after it was written to the disk
    MF-6 loads first do not save stores their faults
    MF-7 a store to a private page is a copy; the file stays clean
    MF-8 a load of new memory maps zeros, a store faults again
    MF-9 MAP_POPULATE leaves no faults
    MF-10 SIGBUS behind the last page of the file
    `,
  ),
  area(
    "Cost of the roads from a file to a socket",
    ["assembly/include/account.ts", "assembly/drivers/dma.ts"],
    `
    CC-1 mode switches, copies and transfers of each road
    CC-2 over the loopback device the receiver copies
    CC-3 a checksum made by the CPU goes along with a copy
    `,
  ),
  area(
    "Past the page cache",
    ["assembly/fs/direct_io"],
    `
    OD-1 addresses, positions and lengths
    OD-2 the end of the file
    OD-3 a direct read leaves the page cache as it is
    OD-4 what is dirty is written first
    OD-5 what was written is read through the page cache
    OD-6 which files can be opened so
    `,
  ),
  area(
    "Asynchronous requests",
    ["assembly/fs/aio"],
    `
    AI-1 a context is a ring in the program's memory
    AI-2 how many requests it has room for
    AI-3 submitting ends at the first bad request
    AI-4 what is asynchronous, and what is not
    AI-5 taking events
    AI-6 what an event says
    AI-7 polling once
    AI-8 cancelling
    AI-9 pipes
    `,
  ),
  area(
    "io_uring",
    ["assembly/io_uring/"],
    `
    UR-1 how large a ring is
    UR-2 where its parts lie
    UR-3 entries, and bad indices
    UR-4 what entering takes, and refuses
    UR-5 errors are completions
    UR-6 links
    UR-7 tried at once; then polled, or left to a worker
    UR-8 O_NONBLOCK is ignored where a file can be polled
    UR-9 polling once, and every time
    UR-10 a ring can be watched
    UR-11 completions that wait for the submitter
    UR-12 a full queue of completions
    UR-13 timeouts
    UR-14 controlling and waiting for eventpolls
    UR-15 drain, and skipped completions
    `,
  ),
  area(
    "Ownership in C++: libstdc++'s shared_ptr",
    [
      "assembly/user/shared_ptr.ts",
      "assembly/user/sp_counted.ts",
      "assembly/user/weak_ptr.ts",
      "assembly/user/unique_ptr.ts",
    ],
    `
    SH-1 how large pointers and control blocks are, and what their counts count
    SH-2 shared_ptr(new T) is two blocks
    SH-3 make_shared is one
    SH-4 the object dies with its last owner, what is left with its last observer
    SH-5 what a deleter takes, and when it runs
    SH-6 from a unique_ptr: one block more
    SH-7 copies, moves and aliases allocate nothing
    SH-8 a shared_ptr to a base destroys what was made
    SH-9 allocators and arrays
    SH-10 enable_shared_from_this
    SH-11 a constructor that throws
    SH-12 what is new is there before what is old goes
    SH-13 cycles
    SH-14 nothing, and null pointers with a type
    SH-15 an expired weak_ptr locks to nothing
    SH-16 counts are atomic once there was a thread
    `,
    { "SH-8": "no struct is derived from another", "SH-11": "there are no exceptions" },
  ),
  subject(
    "Signals, processes, waiting for children",
    ["assembly/kernel/signal", "assembly/kernel/exit.ts", "assembly/kernel/fork.ts", "assembly/kernel/wait4.ts"],
    ["signals", "processes"],
  ),
  subject(
    "Names, stat, limits",
    ["assembly/fs/namei.ts", "assembly/fs/stat", "assembly/kernel/rlimit.ts"],
    ["stat", "limits"],
  ),
  subject(
    "UDP, urgent data, messages with descriptors",
    ["assembly/net/udp", "assembly/net/tcp_urgent.ts", "assembly/net/scm.ts", "assembly/net/unix_dgram"],
    ["udp", "tcp-urgent", "scm-rights", "unix-dgram", "unix-credentials"],
  ),
];

/** What is not here at all, in the order in which people ask for it. */
export const ABSENT: readonly string[] = [
  "inotify, fanotify, pidfd, userfaultfd",
  "directories, links, permissions, users",
  "congestion control, lost packets, IP fragments",
  "NUMA, cgroups, namespaces, real-time scheduling",
];

/** A list of numbers of rules in front of a claim. */
const NAMED = /^((?:[A-Z]{1,2}-\d+|[TU]\.[a-z]+\d?)(?:, (?:[A-Z]{1,2}-\d+|[TU]\.[a-z]+\d?))*): /;

/** The numbers of the rules that a claim names. */
export function rulesNamed(claim: string): string[] {
  return NAMED.exec(claim)?.[1]?.split(", ") ?? [];
}
