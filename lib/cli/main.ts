#!/usr/bin/env node
import { EXIT_OK, type Terminal } from "./command.ts";
import { main } from "./cli.ts";

/** The terminal that this process runs in. */
function processTerminal(): Terminal {
  const controller = new AbortController();
  process.once("SIGINT", () => controller.abort(new Error("interrupted")));
  // A reader that has seen enough (`| head`) is no mistake.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(EXIT_OK);
    throw error;
  });
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isInteractive: process.stderr.isTTY,
    signal: controller.signal,
  };
}

process.exitCode = await main(process.argv.slice(2), processTerminal());
