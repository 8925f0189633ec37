import fc from "fast-check";

/** Properties are tried with the same values in every run, so that a red run is red again; IOPATH_SEED tries others. */
fc.configureGlobal({ seed: Number(process.env["IOPATH_SEED"] ?? 1) });
