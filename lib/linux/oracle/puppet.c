// Real tasks that do what they are told: each waits for a command in shared memory, makes that system call with its own
// registers, descriptors and signals, and waits for the next. puppets.ts is the other side; the layouts must agree.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#define MEMORY ((char *)0x100000000000)
#define MAX_TASKS 64
#define MAX_FRAMES 8
#define STACK_SIZE 65536
#define ORPHANED_AFTER_S 2

// What a frame is doing.
enum { READY, CALL, DONE };
// Commands that are no system calls.
enum { START = -1, RETURN = -2, BEGIN = -3, END = -4, COPY = -5 };

// A command and its result. A signal handler has a frame of its own, on top of the one that it interrupts.
struct frame {
  uint32_t state;
  uint32_t unused;
  int64_t nr;
  int64_t args[6];
  int64_t result;
  uint8_t info[128];
};

struct task {
  uint32_t tid;
  uint32_t depth;
  // Counted up whenever a frame begins, is done or returns.
  uint32_t event;
  uint32_t unused;
  struct frame frames[MAX_FRAMES];
};

#define NO_STATUS 0xffffffffu

// The last task is the nursery, which only begins and ends programs.
struct stage {
  uint64_t handler;
  uint64_t restorer;
  uint64_t in_order;
  // Of the program's first task once it has ended, as wait4(2) tells it; NO_STATUS until then.
  uint64_t status;
  struct task tasks[MAX_TASKS + 1];
};

static struct stage *const stage = (struct stage *)MEMORY;
static char stacks[MAX_TASKS][STACK_SIZE] __attribute__((aligned(16)));

// Past the C library: threads here have no errno of their own.
static int64_t call(int64_t nr, int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f) {
  register int64_t r10 __asm__("r10") = d;
  register int64_t r8 __asm__("r8") = e;
  register int64_t r9 __asm__("r9") = f;
  int64_t result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}

__asm__(".text\n.globl restorer\nrestorer:\n mov $15, %eax\n syscall\n");
extern void restorer(void);

static void futex(uint32_t *word, int op, uint32_t value, const struct timespec *timeout) {
  call(SYS_futex, (int64_t)word, op, value, (int64_t)timeout, 0, 0);
}

static void tell(struct task *task) {
  __atomic_add_fetch(&task->event, 1, __ATOMIC_SEQ_CST);
  futex(&task->event, FUTEX_WAKE, 1, 0);
}

// Copies as a program's own instructions do. Page faults may be signals, whose handlers may jump out of it. Returns how
// many bytes are left.
__attribute__((noinline)) static int64_t copy(char *to, const char *from, int64_t length) {
  __asm__ volatile("rep movsb\n.globl copied\ncopied:\n" : "+D"(to), "+S"(from), "+c"(length) : : "memory");
  return length;
}
extern char copied[];

// The same, and tells how many page faults, minor and major, that took at the side that is not a buffer of ours.
static int64_t copy_counted(char *to, const char *from, int64_t length, int64_t faults[2], int stores) {
  struct rusage before = {0}, after = {0};
  faults[0] = faults[1] = copy(0, 0, 0);
  volatile char *ours = stores ? (char *)from : to;
  for (int64_t at = 0; at < length; at += 4096) ours[at] = ours[at];
  if (length) ours[length - 1] = ours[length - 1];
  call(SYS_getrusage, RUSAGE_THREAD, (int64_t)&after, 0, 0, 0, 0);
  call(SYS_getrusage, RUSAGE_THREAD, (int64_t)&before, 0, 0, 0, 0);
  int64_t left = copy(to, from, length);
  call(SYS_getrusage, RUSAGE_THREAD, (int64_t)&after, 0, 0, 0, 0);
  faults[0] = after.ru_minflt - before.ru_minflt;
  faults[1] = after.ru_majflt - before.ru_majflt;
  return left;
}

static void loop(struct task *task, uint32_t depth);

static void on_signal(int signo, siginfo_t *info, void *context) {
  (void)signo;
  uint32_t tid = (uint32_t)call(SYS_gettid, 0, 0, 0, 0, 0, 0);
  struct task *task = stage->tasks;
  while (task->tid != tid) task++;
  uint32_t depth = task->depth + 1;
  struct frame *frame = &task->frames[depth];
  for (int i = 0; i < 128; i++) frame->info[i] = ((uint8_t *)info)[i];
  frame->state = READY;
  __atomic_store_n(&task->depth, depth, __ATOMIC_SEQ_CST);
  tell(task);
  loop(task, depth);
  if (frame->args[0]) ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] = (int64_t)copied;
  // In this order: the next handler may begin at once, in the same frame.
  __atomic_store_n(&task->depth, depth - 1, __ATOMIC_SEQ_CST);
  __atomic_store_n(&frame->state, READY, __ATOMIC_SEQ_CST);
  tell(task);
}

static int begin(void *argument) {
  struct task *task = argument;
  task->depth = 0;
  task->frames[0].state = READY;
  __atomic_store_n(&task->tid, (uint32_t)call(SYS_gettid, 0, 0, 0, 0, 0, 0), __ATOMIC_SEQ_CST);
  tell(task);
  loop(task, 0);
  return 0;
}

// Starts a task as a thread or a process, as the flags of clone() say; the child serves another place in the table.
static int64_t start(int64_t slot, int64_t flags) {
  struct task *child = &stage->tasks[slot];
  if (flags & CLONE_VM) {
    int tid = clone(begin, stacks[slot] + STACK_SIZE, (int)flags, child);
    return tid < 0 ? -errno : tid;
  }
  int64_t pid = call(SYS_clone, flags, 0, 0, 0, 0, 0);
  if (pid == 0) begin(child);
  return pid;
}

static volatile pid_t first_task;

// Nobody waits for a program's first task, or for one whose parent is gone: nothing is left of them but the first's status.
static void reap(int signo) {
  (void)signo;
  int status, before = errno;
  for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG | __WALL)) > 0;) {
    if (pid == first_task) __atomic_store_n(&stage->status, (uint32_t)status, __ATOMIC_SEQ_CST);
  }
  errno = before;
}

// The first task of a program: a process, in a group that ends with the program.
static int64_t begin_program(void) {
  __atomic_store_n(&stage->status, NO_STATUS, __ATOMIC_SEQ_CST);
  pid_t pid = fork();
  if (pid == 0) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_DFL);
    begin(&stage->tasks[0]);
  }
  first_task = pid;
  if (pid > 0) setpgid(pid, pid);
  return pid;
}

// Ends all tasks of a program.
static int64_t end_program(pid_t group) {
  do kill(-group, SIGKILL);
  while (waitpid(-1, 0, __WALL) >= 0 || errno == EINTR);
  return 0;
}

static int64_t perform(const struct frame *frame) {
  const int64_t *args = frame->args;
  if (frame->nr == START) return start(args[0], args[1]);
  if (frame->nr == BEGIN) return begin_program();
  if (frame->nr == END) return end_program((pid_t)args[0]);
  if (frame->nr == COPY) {
    return copy_counted((char *)args[0], (char *)args[1], args[2], (int64_t *)args[3], (int)args[4]);
  }
  return call(frame->nr, args[0], args[1], args[2], args[3], args[4], args[5]);
}

static void loop(struct task *task, uint32_t depth) {
  struct frame *frame = &task->frames[depth];
  while (1) {
    uint32_t state = __atomic_load_n(&frame->state, __ATOMIC_SEQ_CST);
    if (state != CALL) {
      futex(&frame->state, FUTEX_WAIT, state, 0);
      continue;
    }
    if (frame->nr == RETURN) return;
    frame->result = perform(frame);
    __atomic_store_n(&frame->state, DONE, __ATOMIC_SEQ_CST);
    tell(task);
  }
}

// The nursery also sees to it that nobody is left behind when whoever gives the commands is gone.
static void nurse(pid_t parent) {
  struct task *nursery = &stage->tasks[MAX_TASKS];
  struct frame *frame = &nursery->frames[0];
  pid_t group = 0;
  nursery->tid = (uint32_t)getpid();
  tell(nursery);
  while (getppid() == parent) {
    uint32_t state = __atomic_load_n(&frame->state, __ATOMIC_SEQ_CST);
    if (state != CALL) {
      struct timespec timeout = {ORPHANED_AFTER_S, 0};
      futex(&frame->state, FUTEX_WAIT, state, &timeout);
      continue;
    }
    frame->result = perform(frame);
    group = frame->nr == BEGIN ? (pid_t)frame->result : 0;
    __atomic_store_n(&frame->state, DONE, __ATOMIC_SEQ_CST);
    tell(nursery);
  }
  if (group > 0) end_program(group);
}

// One CPU for all tasks, and first come, first served, if that is allowed: a system call that has woken others goes on
// undisturbed by them, and they run in the order in which they were woken.
static void run_in_order(void) {
  cpu_set_t all, one;
  sched_getaffinity(0, sizeof all, &all);
  CPU_ZERO(&one);
  for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
    if (!CPU_ISSET(cpu, &all)) continue;
    CPU_SET(cpu, &one);
    break;
  }
  sched_setaffinity(0, sizeof one, &one);
  struct sched_param parameters = {1};
  stage->in_order = sched_setscheduler(0, SCHED_FIFO, &parameters) == 0;
}

// puppet LENGTH NOFILE: descriptor 3 is LENGTH bytes of shared memory; programs may have NOFILE descriptors.
int main(int argc, char **argv) {
  if (argc != 3) return 2;
  pid_t parent = getppid();
  size_t length = strtoul(argv[1], 0, 10);
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = strtoul(argv[2], 0, 10);
  setrlimit(RLIMIT_NOFILE, &limit);
  if (mmap(MEMORY, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE, 3, 0) != MEMORY) return 3;
  call(SYS_close_range, 3, ~0U, 0, 0, 0, 0);
  run_in_order();
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  struct sigaction reaping = {.sa_handler = reap, .sa_flags = SA_RESTART | SA_NOCLDSTOP};
  sigaction(SIGCHLD, &reaping, 0);
  stage->handler = (uint64_t)on_signal;
  stage->restorer = (uint64_t)restorer;
  nurse(parent);
  return 0;
}
