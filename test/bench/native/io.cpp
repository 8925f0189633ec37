// Times single calls on the real kernel: sendfile(2) of a cached page, and a request that does nothing through io_uring.
//
// usage: io FILE ROUNDS
// Prints ns for: sendfile() of 4096 bytes to a pipe with the read() that empties it; a submission and its completion in
// one io_uring_enter(); "nan" for the latter where io_uring is not allowed.
#include <fcntl.h>
#include <linux/io_uring.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace {

constexpr int kSamples = 15;
constexpr size_t kPage = 4096;

/// The least time that a round takes, of several samples. Unit: ns.
template <typename Round>
double Best(int rounds, Round round) {
  double best = INFINITY;
  for (int sample = 0; sample < kSamples; sample++) {
    auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < rounds; i++) round();
    std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begin;
    best = std::min(best, took.count() / rounds);
  }
  return best;
}

double Sendfile(const char* path, int rounds) {
  static char page[kPage];
  int file = open(path, O_RDONLY), ends[2];
  if (file < 0 || pipe(ends)) exit(1);
  return Best(rounds, [&] {
    off_t offset = 0;
    if (sendfile(ends[1], file, &offset, kPage) != kPage || read(ends[0], page, kPage) != kPage) exit(1);
  });
}

double Ring(int rounds) {
  io_uring_params params{};
  int ring = syscall(SYS_io_uring_setup, 8, &params);
  if (ring < 0) return NAN;
  size_t length = params.sq_off.array + params.sq_entries * sizeof(unsigned);
  auto* at = static_cast<char*>(mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING));
  auto* sqes = static_cast<io_uring_sqe*>(mmap(nullptr, params.sq_entries * sizeof(io_uring_sqe),
                                               PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES));
  if (at == MAP_FAILED || sqes == MAP_FAILED) return NAN;
  auto number = [&](unsigned offset) { return reinterpret_cast<unsigned*>(at + offset); };
  sqes[0] = io_uring_sqe{};
  sqes[0].opcode = IORING_OP_NOP;
  number(params.sq_off.array)[0] = 0;
  return Best(rounds, [&] {
    unsigned* tail = number(params.sq_off.tail);
    unsigned index = *tail & *number(params.sq_off.ring_mask);
    number(params.sq_off.array)[index] = 0;
    __atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
    if (syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, nullptr, 0) != 1) exit(1);
    unsigned* head = number(params.cq_off.head);
    __atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  int rounds = atoi(argv[2]);
  printf("%f %f\n", Sendfile(argv[1], rounds), Ring(rounds));
}
