/** What is charged before the first or after the last record of something, so that slices begin and end when it did. */
export interface LaneCosts {
  readonly modeSwitch: number;
  readonly contextSwitch: number;
  readonly wakeup: number;
  readonly function: number;
  readonly interrupt: number;
  readonly softInterrupt: number;
  readonly dma: number;
  readonly dma64k: number;
}

/** No costs: slices begin and end with their records. */
export const NO_COSTS: LaneCosts = {
  modeSwitch: 0,
  contextSwitch: 0,
  wakeup: 0,
  function: 0,
  interrupt: 0,
  softInterrupt: 0,
  dma: 0,
  dma64k: 0,
};

/** How long a device needs to move bytes between itself and memory. Unit: ns. */
export function dmaDuration(costs: LaneCosts, bytes: number): number {
  return costs.dma + Math.floor((bytes * costs.dma64k) / 0x1_0000);
}
