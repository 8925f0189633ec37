/** Operations of epoll_ctl(2), named without their `EPOLL_CTL_`. @kernel include/uapi/linux/eventpoll.h */
export enum EpollCtl {
  /** Watch a file. */
  ADD = 1,
  /** Stop watching it. */
  DEL = 2,
  /** Watch it for something else. */
  MOD = 3,
}

/**
 * Bits of an interest mask that ask for a way of telling instead of an event, named without their `EPOLL`. The events
 * themselves are Poll bits.
 *
 * @kernel include/uapi/linux/eventpoll.h
 */
export enum EpollFlags {
  /** Of several eventpolls that watch the file, wake only one. */
  EXCLUSIVE = 1 << 28,
  /** Keep the system from suspending; without effect here. */
  WAKEUP = 1 << 29,
  /** Tell once, then not again until EPOLL_CTL_MOD. */
  ONESHOT = 1 << 30,
  /** Edge-triggered: tell when something happens, not as long as something is true. */
  ET = 1 << 31,
}

/**
 * An event as programs see it: 12 bytes, without a gap before the data.
 *
 * @kernel struct epoll_event, include/uapi/linux/eventpoll.h
 */
@unmanaged
export class EpollEvent {
  /** Poll and EpollFlags bits. */
  events: u32;
  /** The program's own number, lower half. */
  data_low: u32;
  /** The program's own number, upper half. */
  data_high: u32;

  /** The program's own number. */
  get data(): u64 {
    return ((<u64>this.data_high) << 32) | this.data_low;
  }
  set data(value: u64) {
    this.data_low = <u32>value;
    this.data_high = <u32>(value >> 32);
  }
}
