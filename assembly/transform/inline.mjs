// @ts-check
// Puts functions into those that call them, larger ones than the compiler of AssemblyScript would: an engine does not do
// it with functions of WebAssembly. For modules that have one thing to do, and that as fast as they can.

/** The largest function that is put into its callers, in instructions as binaryen counts them. */
const LARGEST = 300;

/**
 * Optimizes a module once more.
 *
 * @param {Uint8Array} bytes
 * @returns {Promise<Uint8Array>}
 */
export async function inlined(bytes) {
  const { default: binaryen } = await import("binaryen");
  const module = binaryen.readBinary(bytes);
  const { MutableGlobals, BulkMemory, BulkMemoryOpt, SignExt, NontrappingFPToInt } = binaryen.Features;
  module.setFeatures(MutableGlobals | BulkMemory | BulkMemoryOpt | SignExt | NontrappingFPToInt);
  const [always, flexible] = [binaryen.getAlwaysInlineMaxSize(), binaryen.getFlexibleInlineMaxSize()];
  try {
    binaryen.setOptimizeLevel(3);
    binaryen.setShrinkLevel(0);
    binaryen.setAlwaysInlineMaxSize(LARGEST);
    binaryen.setFlexibleInlineMaxSize(LARGEST);
    module.optimize();
    module.optimize();
    return module.emitBinary();
  } finally {
    binaryen.setAlwaysInlineMaxSize(always);
    binaryen.setFlexibleInlineMaxSize(flexible);
    module.dispose();
  }
}
