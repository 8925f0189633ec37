/** Size of the memory that a fuzzed task has. Unit: bytes. */
export const REGION = 0x1_0000;
