// std::map beside the kernel's red-black tree: the same random keys, inserted, found, erased.
// usage: map COUNT SEED    prints the best nanoseconds an operation of 10 samples: insert find erase
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <vector>

static uint64_t state;
static uint32_t next_key() { // splitmix64
  uint64_t z = (state += 0x9e3779b97f4a7c15ull);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return static_cast<uint32_t>((z ^ (z >> 31)) >> 32);
}

template <class Work>
static void time(double& best, size_t count, Work work) {
  auto start = std::chrono::steady_clock::now();
  work();
  double ns = std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count() / count;
  if (ns < best) best = ns;
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  size_t count = strtoull(argv[1], nullptr, 10);
  state = strtoull(argv[2], nullptr, 10);
  std::vector<uint32_t> keys(count);
  for (auto& key : keys) key = next_key();
  double insert = 1e18, find = 1e18, erase = 1e18;
  uint64_t sink = 0;
  for (int sample = 0; sample < 10; sample++) {
    std::map<uint32_t, uint32_t> map;
    time(insert, count, [&] { for (auto key : keys) map.emplace(key, key); });
    time(find, count, [&] { for (auto key : keys) sink += map.find(key)->second; });
    time(erase, count, [&] { for (auto key : keys) map.erase(key); });
  }
  fprintf(stderr, "%llu\n", static_cast<unsigned long long>(sink));
  printf("%f %f %f\n", insert, find, erase);
}
