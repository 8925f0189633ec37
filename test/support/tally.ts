import type { Reporter, TestModule } from "vitest/node";

/** Closes a run with "N passed, N failed, N skipped" alone on a line. */
export class Tally implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>, errors: ReadonlyArray<unknown>): void {
    const count = { passed: 0, failed: errors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      const before = count.failed;
      for (const test of module.children.allTests()) count[test.result().state]++;
      // A file that cannot even be loaded has no tests that could fail.
      if (module.state() === "failed" && count.failed === before) count.failed++;
    }
    console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped + count.pending} skipped`);
  }
}
