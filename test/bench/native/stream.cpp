// The real kernel's time for a stream of system calls that is read from a file: a number and its arguments on each line,
// where a word stands for a descriptor or an address of this program.
// usage: stream FILE ROUNDS SAMPLES    prints the best nanoseconds a call, and the sum of all answers of one sample
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

struct Call {
  long nr;
  long args[6];
};

static std::vector<Call> read_calls(const char* path, const std::map<std::string, long>& things) {
  std::vector<Call> calls;
  std::ifstream file(path);
  for (std::string text; std::getline(file, text);) {
    std::istringstream line(text);
    Call call{};
    line >> call.nr;
    std::string word;
    for (int i = 0; i < 6 && line >> word; i++) {
      auto thing = things.find(word);
      call.args[i] = thing == things.end() ? std::stol(word) : thing->second;
    }
    calls.push_back(call);
  }
  return calls;
}

/** Descriptors and memory as every sample begins with them. */
static std::map<std::string, long> prepare() {
  static char buffer[8192];
  static epoll_event events[8];
  static epoll_event event;
  int pipe_ends[2], pair[2];
  closefrom(3);
  long counter = eventfd(0, EFD_NONBLOCK);
  if (pipe2(pipe_ends, O_NONBLOCK)) exit(1);
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair)) exit(1);
  long epfd = epoll_create1(0);
  memset(buffer, 0, sizeof buffer);
  buffer[0] = 1;
  event.events = EPOLLIN | EPOLLOUT;
  for (long fd : {counter, (long)pipe_ends[0], (long)pair[0], (long)pair[1]}) {
    if (epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &event)) exit(1);
  }
  return {{"eventfd", counter}, {"reader", pipe_ends[0]}, {"writer", pipe_ends[1]},
          {"left", pair[0]},    {"right", pair[1]},       {"epfd", epfd},
          {"buffer", (long)buffer}, {"events", (long)events}, {"event", (long)&event}};
}

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  long rounds = atol(argv[2]), samples = atol(argv[3]);
  double best = 1e18;
  long sum = 0;
  for (long sample = 0; sample < samples; sample++) {
    std::vector<Call> calls = read_calls(argv[1], prepare());
    sum = 0;
    auto start = std::chrono::steady_clock::now();
    for (long round = 0; round < rounds; round++) {
      for (const Call& c : calls) {
        long result = syscall(c.nr, c.args[0], c.args[1], c.args[2], c.args[3], c.args[4], c.args[5]);
        sum += result < 0 ? -errno : result;
      }
    }
    double ns = std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count();
    double each = ns / (double)(rounds * (long)calls.size());
    if (each < best) best = each;
  }
  printf("%f %ld\n", best, sum);
}
