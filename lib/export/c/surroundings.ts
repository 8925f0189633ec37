/*
 * What stands around the tasks: a network and a folder of the program's own, and the clients outside.
 */

/** A loopback device of its own, so that no other program has its ports. */
export const NETWORK = String.raw`
static void put(const char *path, const char *format, ...)
{
	FILE *file = fopen(path, "w");
	if (!file)
		return;
	va_list arguments;
	va_start(arguments, format);
	vfprintf(file, format, arguments);
	va_end(arguments);
	fclose(file);
}

/* A network with a loopback device only; where that is not allowed, the ports are those of the computer. */
static void own_network(void)
{
	unsigned uid = getuid(), gid = getgid();
	if (unshare(CLONE_NEWNET)) {
		if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
			return;
		put("/proc/self/setgroups", "deny");
		put("/proc/self/uid_map", "%u %u 1", uid, uid);
		put("/proc/self/gid_map", "%u %u 1", gid, gid);
	}
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct ifreq loopback = { .ifr_name = "lo" };
	loopback.ifr_flags = IFF_UP;
	ioctl(fd, SIOCSIFFLAGS, &loopback);
	close(fd);
}
`;

/** A folder of its own for the files of the run. */
export const FOLDER = String.raw`
static char folder[64] = "/tmp/iopath-XXXXXX";

static int removed(const char *path, const struct stat *stat, int type, struct FTW *where)
{
	(void)stat, (void)type, (void)where;
	return remove(path);
}

static void leave_folder(void)
{
	nftw(folder, removed, 8, FTW_DEPTH | FTW_PHYS);
}

static void own_folder(void)
{
	if (!mkdtemp(folder) || chdir(folder))
		abort();
	atexit(leave_folder);
}
`;

/** Files that are there from the beginning. */
export const FILES = String.raw`
static unsigned long long mixed(unsigned long long value)
{
	value = (value ^ (value >> 32)) * 0x9e3779b97f4a7c15u;
	value = (value ^ (value >> 29)) * 0xbf58476d1ce4e5b9u;
	return value ^ (value >> 32);
}

/* A file with bytes made from a number, as the machine makes them. */
static void make_file(const char *path, unsigned long long size, unsigned long long seed)
{
	FILE *file = fopen(path, "w");
	for (unsigned long long at = 0; file && at < size; at += 8) {
		unsigned long long word = mixed(seed + at / 8);
		fwrite(&word, 1, size - at < 8 ? size - at : 8, file);
	}
	if (!file || fclose(file))
		abort();
}
`;

/** Puts bytes into a file that is there. */
export const FILL = String.raw`
static void fill_file(const char *path, long offset, const void *data, size_t length)
{
	FILE *file = fopen(path, "r+");
	if (!file || fseek(file, offset, SEEK_SET) || fwrite(data, 1, length, file) != length || fclose(file))
		abort();
}
`;

/** Clients outside: plain sockets over the loopback device. */
export const CLIENTS = String.raw`
/* Clients outside of the machine: plain sockets, in a thread with descriptors of its own. */
static struct {
	int fd;
	long received;
	unsigned char first[32];
} clients[CLIENTS + 1];

/* Reads whatever has come. */
static void drain(int number)
{
	unsigned char data[4096];
	struct pollfd entry = { clients[number].fd, POLLIN, 0 };
	while (clients[number].fd > 0 && poll(&entry, 1, 20) > 0) {
		ssize_t got = recv(entry.fd, data, sizeof data, MSG_DONTWAIT);
		if (got <= 0)
			break;
		for (ssize_t i = 0; i < got && clients[number].received + i < 32; i++)
			clients[number].first[clients[number].received + i] = data[i];
		clients[number].received += got;
	}
}
`;

/** What clients do, each with the name by which a program calls it. */
export const CLIENT_ACTS: readonly (readonly [name: RegExp, text: string])[] = [
  [
    /\bclient_connects\b/,
    String.raw`
static void client_connects(int number, unsigned short port)
{
	clients[number].fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	connect(clients[number].fd, internet_address("127.0.0.1", port), sizeof(struct sockaddr_in));
	usleep(1000); /* the handshake is over at once */
}
`,
  ],
  [
    /\bclient_sends\b/,
    String.raw`
static void client_sends(int number, const void *data, size_t length)
{
	int waiting = 1;
	if (send(clients[number].fd, data, length, MSG_NOSIGNAL) != (ssize_t)length)
		differences++;
	for (int i = 0; i < 100 && waiting; i++, usleep(100))
		ioctl(clients[number].fd, SIOCOUTQ, &waiting);
}
`,
  ],
  [
    /\bclient_shuts_down\b/,
    String.raw`
static void client_shuts_down(int number)
{
	shutdown(clients[number].fd, SHUT_WR);
	usleep(1000);
}
`,
  ],
  [
    /\bclient_closes\b/,
    String.raw`
static void client_closes(int number)
{
	drain(number);
	close(clients[number].fd);
	clients[number].fd = 0;
	usleep(1000);
}
`,
  ],
  [
    /\bclient_resets\b/,
    String.raw`
static void client_resets(int number)
{
	drain(number);
	setsockopt(clients[number].fd, SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 0 }, sizeof(struct linger));
	close(clients[number].fd);
	clients[number].fd = 0;
	usleep(1000);
}
`,
  ],
  [
    /\bclient_receives\b/,
    String.raw`
static void client_receives(int number)
{
	drain(number);
	say("client %d: received %ld", number, clients[number].received);
	say_bytes(clients[number].first, clients[number].received);
}
`,
  ],
];
