/*
 * The part of a written program that is the same for every run: how its threads take turns, and helpers, of which a
 * program gets those that it uses.
 */

/** What every program begins with, after its numbers of turns and threads. */
export const TURNS = String.raw`
/* What happened one after the other in the run does so here: each step has its turn. main() gives the turns. */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int turn;                           /* whose turn it is */
static int over;                           /* the last turn that is over */
static int started;                        /* number of threads that have begun */
static char *lines[TURNS + 1];             /* what each turn has to say */
static atomic_int sleepers[THREADS];       /* thread ids of those inside of a call that sleeps */
static atomic_int differences;             /* results that are not those of the run */

static _Thread_local int me;               /* number of this thread */
static _Thread_local const char *task;     /* its name */
static _Thread_local int mine;             /* the turn that it has taken */
static _Thread_local int returns_at;       /* the turn at which its call is to return, if it sleeps */
static _Thread_local long result;          /* what its last call has returned */
static _Thread_local char line[1000];
static _Thread_local char *buffer;         /* what it reads into */

static void say(const char *format, ...)
{
	size_t length = strlen(line);
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(line + length, sizeof line - length, format, arguments);
	va_end(arguments);
}

static int take_turn(int number)
{
	pthread_mutex_lock(&lock);
	while (turn != number)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
	mine = number;
	return 1;
}

static int end_turn(void)
{
	pthread_mutex_lock(&lock);
	lines[mine] = line[0] ? strdup(line) : NULL;
	line[0] = 0;
	over = mine;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	return 0;
}

#define TURN(number) for (int once = take_turn(number); once; once = end_turn())

/* A thread of its own for each task; with its own descriptors, if it does not share those of the one that starts it. */
static void begin(int number, const char *name, int own_files)
{
	me = number;
	task = name;
	buffer = aligned_alloc(4096, BUFFER);
	if (own_files && unshare(CLONE_FILES))
		abort();
	pthread_mutex_lock(&lock);
	started++;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

static void start(void *(*thread)(void *))
{
	pthread_t id;
	int before = started;
	if (pthread_create(&id, NULL, thread, NULL))
		abort();
	pthread_mutex_lock(&lock);
	while (started == before)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
}
`;

/** What gives turns, and ends the program. */
export const MAIN = String.raw`
/* Waits until every thread in a call that sleeps does sleep. */
static void settle(void)
{
	for (int i = 0; i < THREADS; i++) {
		char path[64], text[512];
		for (int tid; (tid = sleepers[i]) != 0; usleep(100)) {
			snprintf(path, sizeof path, "/proc/self/task/%d/stat", tid);
			FILE *file = fopen(path, "r");
			size_t length = file ? fread(text, 1, sizeof text - 1, file) : 0;
			if (file)
				fclose(file);
			text[length] = 0;
			char *end = strrchr(text, ')');
			if (!end || end[2] == 'S')
				break;
		}
	}
}

/* Gives one turn after the other, and prints what came of each. */
static void conduct(void)
{
	for (int number = 1; number <= TURNS; number++) {
		struct timespec until;
		settle();
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec += 10;
		pthread_mutex_lock(&lock);
		turn = number;
		pthread_cond_broadcast(&changed);
		int late = 0;
		while (over != number && !late)
			late = pthread_cond_timedwait(&changed, &lock, &until) == ETIMEDOUT;
		pthread_mutex_unlock(&lock);
		if (late) {
			printf("turn %d of %d takes longer than 10 s: here the kernel goes another way\n", number, TURNS);
			exit(2);
		}
		if (lines[number])
			puts(lines[number]);
	}
	settle();
}
`;

/** Helpers, each with the name by which a program calls it. */
export const HELPERS: readonly (readonly [name: RegExp, text: string])[] = [
  [
    /\b(GIVES|OPENS)\b/,
    String.raw`
static void finish(long value, long expected, const char *call)
{
	int error = errno;
	result = value == -1 ? -error : value;
	if (returns_at) {
		sleepers[me] = 0;
		take_turn(returns_at);
		returns_at = 0;
	}
	if (result < 0)
		say("%s: %s = -1 %s", task, call, error_name(error));
	else
		say("%s: %s = %ld", task, call, result);
	if (result == expected)
		return;
	differences++;
	say(" (the run: %ld)", expected);
}

/* Makes a call that gives what is expected. */
#define GIVES(expected, ...) finish((long)(__VA_ARGS__), expected, #__VA_ARGS__)
`,
  ],
  [
    /\b(OPENS|PAIR)\b/,
    String.raw`
/* Gives a new descriptor the number that it has in the run, if it has another one. */
static int at_number(int fd, int wanted)
{
	if (fd < 0 || fd == wanted || fcntl(wanted, F_GETFD) != -1)
		return fd;
	int moved = dup3(fd, wanted, fcntl(fd, F_GETFD) & FD_CLOEXEC ? O_CLOEXEC : 0);
	close(fd);
	return moved;
}
`,
  ],
  [
    /\bOPENS\b/,
    String.raw`
/* The same of a call whose result is a new descriptor. */
#define OPENS(expected, ...) finish(at_number((int)(__VA_ARGS__), expected), expected, #__VA_ARGS__)
`,
  ],
  [
    /\bSTARTS\b/,
    String.raw`
/* Makes a task. */
#define STARTS(number, name, thread) (start(thread), say("%s: %s = %d", task, name, number))
`,
  ],
  [
    /\b(SLEEPS|STAYS)\b/,
    String.raw`
static int fall_asleep(int from, int until)
{
	take_turn(from);
	returns_at = until;
	sleepers[me] = (int)syscall(SYS_gettid);
	end_turn();
	return 1;
}
`,
  ],
  [
    /\bSLEEPS\b/,
    String.raw`
/* A call in which the task sleeps while others go on, and which returns at a later turn. */
#define SLEEPS(from, until) for (int once = fall_asleep(from, until); once; once = end_turn())
`,
  ],
  [
    /\bSTAYS\b/,
    String.raw`
static void came_back(long value)
{
	sleepers[me] = 0;
	differences++;
	printf("%s: its last call has returned %ld; in the run it never does\n", task, value);
}

/* A call that never returns. */
#define STAYS(number, ...) \
	(say("%s: %s = ?", task, #__VA_ARGS__), fall_asleep(number, 0), came_back((long)(__VA_ARGS__)))
`,
  ],
  [
    /\b(bytes|client_receives)\b/,
    String.raw`
static void say_bytes(const unsigned char *data, long length)
{
	say(" \"");
	for (long i = 0; i < length && i < 32; i++) {
		static const char escapes[] = "\tt\nn\rr\"\"??\\\\";
		const char *found = NULL;
		for (const char *at = escapes; *at; at += 2)
			if (*at == (char)data[i])
				found = at;
		if (found)
			say("\\%c", found[1]);
		else
			say(data[i] >= 0x20 && data[i] < 0x7f ? "%c" : "\\%03o", data[i]);
	}
	say(length > 32 ? "\"..." : "\"");
}
`,
  ],
  [
    /\bbytes\(\)/,
    String.raw`
/* What has been read. */
static void bytes(void)
{
	if (result >= 0)
		say_bytes((unsigned char *)buffer, result);
}
`,
  ],
  [
    /\b(events|EVENT)\b/,
    String.raw`
#define EVENT(mask, value) (&(struct epoll_event){ mask, { .u64 = value } })

static _Thread_local struct epoll_event events[MOST_EVENTS];
/* The events that were told of: what is true, and the data. */
static inline void told(void)
{
	say(" [");
	for (long i = 0; i < result && i < 8; i++)
		say("%s0x%x:%llu", i ? " " : "", events[i].events, (unsigned long long)events[i].data.u64);
	say(result >= 0 ? "]" : "");
}
`,
  ],
  [
    /\bPOLLED\b/,
    String.raw`
static _Thread_local struct pollfd polled[MOST_POLLED];
#define POLLED(count, ...) \
	memcpy(polled, (struct pollfd[]){ __VA_ARGS__ }, (count) * sizeof(struct pollfd))

/* What is true of each that was asked. */
static void answered(int count)
{
	say(" [");
	for (int i = 0; i < count && i < 8; i++)
		say("%s0x%x", i ? " " : "", (unsigned short)polled[i].revents);
	say("]");
}
`,
  ],
  [
    /\bpair\b/,
    String.raw`
static _Thread_local int pair[2];
/* The two descriptors that were made. */
#define PAIR(first, second) \
	(pair[0] = at_number(pair[0], first), pair[1] = at_number(pair[1], second), say(" [%d %d]", pair[0], pair[1]))
`,
  ],
  [
    /\broom\b/,
    "\nstatic _Thread_local _Alignas(16) char room_for[512]; /* filled in, and not looked at */\n#define room ((void *)room_for)\n",
  ],
  [
    /\bset_of\b/,
    String.raw`
/* A set of descriptors for select(), which may be larger than an fd_set; of three in a row, each is another one. */
static fd_set *set_of(int count, const int *fds)
{
	static _Thread_local unsigned long sets[3][1024];
	static _Thread_local int next;
	unsigned long *set = sets[next++ % 3];
	memset(set, 0, sizeof sets[0]);
	for (int i = 0; i < count; i++)
		set[fds[i] / 64] |= 1ul << (fds[i] % 64);
	return (fd_set *)set;
}
`,
  ],
  [
    /\blimits\b/,
    String.raw`
/* Limits of descriptors; only the superuser can raise the upper one. */
static struct rlimit *limits(rlim_t soft, rlim_t hard)
{
	static _Thread_local struct rlimit limit;
	getrlimit(RLIMIT_NOFILE, &limit);
	limit = (struct rlimit){ soft, hard < limit.rlim_max ? hard : limit.rlim_max };
	return &limit;
}
`,
  ],
  [
    /\binternet_address\b/,
    String.raw`
static void *internet_address(const char *host, unsigned short port)
{
	static _Thread_local struct sockaddr_in address;
	address = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(port) };
	inet_pton(AF_INET, host, &address.sin_addr);
	return &address;
}
`,
  ],
];
