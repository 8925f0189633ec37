// Maps in C++ for the race: std::map, and the tree of assembly/lib/rbtree.ts and assembly/structures/red_black_tree.ts
// line by line. Built when it is needed (load.ts). Sums wrap round, as they do in the other languages.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <vector>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace {

using i32 = std::int32_t;
using u32 = std::uint32_t;

// A side is an index of Node::child, as it is the offset of a pointer there.
constexpr int RIGHT = 0;
constexpr int LEFT = 1;
constexpr int BOTH = 1;
constexpr std::uintptr_t BLACK = 1;

struct Node {
  std::uintptr_t parent_color;
  Node *child[2];
  u32 slot;
  i32 key;
};

// Equal nodes from chunks that double; each has a slot, which it keeps (assembly/structures/pool.ts).
class Pool {
 public:
  Pool() = default;
  Pool(const Pool &) = delete;
  Pool &operator=(const Pool &) = delete;

  ~Pool() {
    for (void *chunk : chunks) std::free(chunk);
  }

  Node *take() {
    if (Node *node = free_nodes) {
      free_nodes = node->child[0];
      return node;
    }
    if (bump == end) grow();
    Node *node = bump++;
    node->slot = slots++;
    return node;
  }

  void give(Node *node) {
    node->child[0] = free_nodes;
    free_nodes = node;
  }

  std::size_t bytes() const { return size; }

 private:
  void grow() {
    std::size_t chunk = std::size_t{1} << order;
    if (order < 18) order++;
    bump = static_cast<Node *>(std::malloc(chunk));
    if (!bump) std::abort();
    chunks.push_back(bump);
    end = bump + chunk / sizeof(Node);
    size += chunk;
  }

  Node *free_nodes = nullptr;
  Node *bump = nullptr;
  Node *end = nullptr;
  u32 slots = 0;
  int order = 9;
  std::size_t size = 0;
  std::vector<void *> chunks;
};

Node *parent_of(const Node *node) { return reinterpret_cast<Node *>(node->parent_color & ~BLACK); }

void set_parent(Node *node, Node *parent) {
  node->parent_color = reinterpret_cast<std::uintptr_t>(parent) | (node->parent_color & BLACK);
}

bool is_red(const Node *node) { return !(node->parent_color & BLACK); }
bool is_black_or_missing(const Node *node) { return !node || (node->parent_color & BLACK); }
void set_red(Node *node) { node->parent_color &= ~BLACK; }
void set_black(Node *node) { node->parent_color |= BLACK; }
int side_of(const Node *node, const Node *parent) { return parent->child[LEFT] == node ? LEFT : RIGHT; }

Node *outermost(Node *node, int side) {
  for (Node *next = node; next; next = next->child[side]) node = next;
  return node;
}

Node *next_of(Node *node) {
  if (Node *child = node->child[RIGHT]) return outermost(child, LEFT);
  Node *parent = parent_of(node);
  while (parent && parent->child[RIGHT] == node) {
    node = parent;
    parent = parent_of(node);
  }
  return parent;
}

class Tree {
 public:
  u32 size() const { return count; }
  std::size_t bytes() const { return pool.bytes(); }
  Node *first() const { return outermost(root, LEFT); }

  Node *find(i32 key) const {
    Node *node = root;
    while (node && node->key != key) node = node->child[key < node->key];
    return node;
  }

  // The slot of a key, which is put in if it is not there.
  u32 set(i32 key) {
    Node **link = &root;
    Node *parent = nullptr;
    for (Node *node = *link; node; node = *link) {
      if (node->key == key) return node->slot;
      parent = node;
      link = &node->child[key < node->key];
    }
    Node *node = pool.take();
    node->key = key;
    count++;
    node->parent_color = reinterpret_cast<std::uintptr_t>(parent); // red
    node->child[LEFT] = nullptr;
    node->child[RIGHT] = nullptr;
    *link = node;
    insert_color(node);
    return node->slot;
  }

  bool erase(i32 key) {
    Node *node = find(key);
    if (!node) return false;
    Node *left = node->child[LEFT];
    Node *right = node->child[RIGHT];
    if (!left) erase_simple(node, right);
    else if (!right) erase_simple(node, left);
    else erase_inner(node, left, right);
    pool.give(node);
    count--;
    return true;
  }

 private:
  void change_child(Node *old, Node *node, Node *parent) {
    if (!parent) root = node;
    else parent->child[side_of(old, parent)] = node;
  }

  void rotate(Node *node, int side) {
    Node *child = node->child[BOTH - side];
    Node *inner = child->child[side];
    Node *parent = parent_of(node);
    node->child[BOTH - side] = inner;
    if (inner) set_parent(inner, node);
    child->child[side] = node;
    set_parent(child, parent);
    set_parent(node, child);
    change_child(node, child, parent);
  }

  void insert_color(Node *node) {
    for (;;) {
      Node *parent = parent_of(node);
      if (!parent) {
        set_black(node);
        return;
      }
      if (!is_red(parent)) return;
      Node *grandparent = parent_of(parent);
      int side = side_of(parent, grandparent);
      Node *uncle = grandparent->child[BOTH - side];
      if (!is_black_or_missing(uncle)) {
        set_black(parent);
        set_black(uncle);
        set_red(grandparent);
        node = grandparent;
        continue;
      }
      if (parent->child[side] != node) {
        rotate(parent, side);
        parent = node;
      }
      rotate(grandparent, BOTH - side);
      set_black(parent);
      set_red(grandparent);
      return;
    }
  }

  void erase_color(Node *parent, int side) {
    for (;;) {
      Node *sibling = parent->child[BOTH - side];
      if (is_red(sibling)) {
        rotate(parent, side);
        set_black(sibling);
        set_red(parent);
        sibling = parent->child[BOTH - side];
      }
      Node *inner = sibling->child[side];
      Node *outer = sibling->child[BOTH - side];
      if (is_black_or_missing(outer)) {
        if (is_black_or_missing(inner)) {
          set_red(sibling);
          Node *node = parent;
          parent = parent_of(node);
          if (is_red(node) || !parent) {
            set_black(node);
            return;
          }
          side = side_of(node, parent);
          continue;
        }
        rotate(sibling, BOTH - side);
        set_black(inner);
        set_red(sibling);
        outer = sibling;
        sibling = inner;
      }
      rotate(parent, side);
      sibling->parent_color = (sibling->parent_color & ~BLACK) | (parent->parent_color & BLACK);
      set_black(parent);
      set_black(outer);
      return;
    }
  }

  void erase_simple(Node *node, Node *child) {
    Node *parent = parent_of(node);
    if (!parent) {
      root = child;
      if (child) child->parent_color = BLACK;
      return;
    }
    int side = side_of(node, parent);
    parent->child[side] = child;
    if (child) child->parent_color = node->parent_color;
    else if (!is_red(node)) erase_color(parent, side);
  }

  void erase_inner(Node *node, Node *left, Node *right) {
    Node *successor = right;
    for (Node *next = right->child[LEFT]; next; next = next->child[LEFT]) successor = next;
    Node *child = successor->child[RIGHT];
    bool was_red = is_red(successor);
    Node *parent = successor;
    int side = RIGHT;
    if (successor != right) {
      parent = parent_of(successor);
      side = LEFT;
      parent->child[LEFT] = child;
      successor->child[RIGHT] = right;
      set_parent(right, successor);
    }
    successor->child[LEFT] = left;
    set_parent(left, successor);
    change_child(node, successor, parent_of(node));
    successor->parent_color = node->parent_color;
    if (child) child->parent_color = reinterpret_cast<std::uintptr_t>(parent) | BLACK;
    else if (!was_red) erase_color(parent, side);
  }

  Node *root = nullptr;
  u32 count = 0;
  Pool pool;
};

// The tree with its values by slot, as the host and loops.ts hold them.
class IntrusiveTree {
 public:
  explicit IntrusiveTree(std::size_t most) : values(most) {}

  void insert(i32 key, u32 value) { values[tree.set(key)] = value; }

  u32 find(i32 key) const {
    const Node *node = tree.find(key);
    return node ? values[node->slot] : -1;
  }

  bool erase(i32 key) { return tree.erase(key); }
  u32 size() const { return tree.size(); }
  std::int64_t bytes() const { return static_cast<std::int64_t>(tree.bytes() + values.size() * sizeof(u32)); }

  u32 iterate() const {
    u32 sum = 0;
    for (Node *node = tree.first(); node; node = next_of(node)) sum = sum * 31 + node->key + values[node->slot];
    return sum;
  }

 private:
  Tree tree;
  std::vector<u32> values;
};

class StdMap {
 public:
  explicit StdMap(std::size_t) {}

  void insert(i32 key, u32 value) { map.insert_or_assign(key, value); }

  u32 find(i32 key) const {
    auto found = map.find(key);
    return found == map.end() ? -1 : found->second;
  }

  bool erase(i32 key) { return map.erase(key) != 0; }
  u32 size() const { return static_cast<u32>(map.size()); }

  // What a copy takes from the allocator; -1: it does not say.
  std::int64_t bytes() const {
#if defined(__GLIBC__)
    std::size_t before = mallinfo2().uordblks;
    std::map<i32, u32> copy(map);
    return static_cast<std::int64_t>(mallinfo2().uordblks - before + sizeof map);
#else
    return -1;
#endif
  }

  u32 iterate() const {
    u32 sum = 0;
    for (const auto &[key, value] : map) sum = sum * 31 + key + value;
    return sum;
  }

 private:
  std::map<i32, u32> map;
};

enum Case { INSERT, FIND, DELETE, ITERATE, CHURN };

class Runner {
 public:
  virtual ~Runner() = default;
  virtual u32 run(Case what, u32 finds, u32 changes) = 0;
  virtual void one(Case what, u32 operation, u32 finds, u32 changes) = 0;
  virtual std::int64_t bytes() const = 0;
};

template <class Map>
class RunnerOf final : public Runner {
 public:
  RunnerOf(const i32 *keys, u32 key_count, const i32 *probes, u32 probe_count)
      : map(std::size_t{key_count} + probe_count), keys(keys, keys + key_count), probes(probes, probes + probe_count) {}

  u32 run(Case what, u32 finds, u32 changes) override {
    switch (what) {
      case INSERT:
        for (u32 i = 0; i < keys.size(); i++) map.insert(keys[i], i);
        return map.size();
      case FIND:
        return find(0, static_cast<u32>(probes.size()));
      case DELETE:
        return erase(0, static_cast<u32>(probes.size())) + map.size();
      case ITERATE:
        return map.iterate();
      case CHURN:
        return churn(finds, changes) + map.size();
    }
    return 0;
  }

  void one(Case what, u32 operation, u32 finds, u32 changes) override {
    u32 step = what == CHURN ? operation % (finds + 2 * changes) : 0;
    if (what == INSERT) map.insert(keys[operation], operation);
    else if (what == DELETE || (what == CHURN && step >= finds && step < finds + changes)) map.erase(probes[operation]);
    else if (step >= finds + changes) map.insert(probes[operation], operation);
    else sink = map.find(probes[operation]);
  }

  std::int64_t bytes() const override { return map.bytes(); }

 private:
  u32 find(u32 from, u32 to) const {
    u32 sum = 0;
    for (u32 i = from; i < to; i++) sum += map.find(probes[i]);
    return sum;
  }

  u32 erase(u32 from, u32 to) {
    u32 sum = 0;
    for (u32 i = from; i < to; i++) sum += map.erase(probes[i]);
    return sum;
  }

  u32 churn(u32 finds, u32 changes) {
    u32 sum = 0;
    for (u32 at = 0; at < probes.size(); at += finds + 2 * changes) {
      u32 changing = at + finds;
      sum += find(at, changing);
      sum += erase(changing, changing + changes);
      for (u32 i = changing + changes; i < changing + 2 * changes; i++) map.insert(probes[i], i);
    }
    return sum;
  }

  Map map;
  std::vector<i32> keys;
  std::vector<i32> probes;
  volatile u32 sink = 0;
};

} // namespace

extern "C" {

// Memory that was given back stays with the process, as it does in WebAssembly: no sample pays for fresh pages.
void keep_memory() {
#if defined(__GLIBC__)
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
}

// Nothing but the way in and out.
i32 echo(i32 value) { return value; }

void echo_many(const i32 *values, u32 count, i32 *answers) {
  for (u32 i = 0; i < count; i++) answers[i] = echo(values[i]);
}

Runner *runner_make(i32 is_std, const i32 *keys, u32 key_count, const i32 *probes, u32 probe_count) {
  if (is_std) return new RunnerOf<StdMap>(keys, key_count, probes, probe_count);
  return new RunnerOf<IntrusiveTree>(keys, key_count, probes, probe_count);
}

i32 runner_run(Runner *runner, i32 what, u32 finds, u32 changes) {
  return static_cast<i32>(runner->run(static_cast<Case>(what), finds, changes));
}

void runner_one(Runner *runner, i32 what, u32 operation, u32 finds, u32 changes) {
  runner->one(static_cast<Case>(what), operation, finds, changes);
}

double runner_bytes(const Runner *runner) { return static_cast<double>(runner->bytes()); }

void runner_end(Runner *runner) { delete runner; }
}
