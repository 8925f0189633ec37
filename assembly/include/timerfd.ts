/** Flags of timerfd_create(2) and timerfd_settime(2), named without their `TFD_`. @kernel include/uapi/linux/timerfd.h */
export enum TimerfdFlags {
  /** timerfd_settime(): the first expiration is a time, not a span. */
  TIMER_ABSTIME = 1,
  /** timerfd_settime(): end waiting when the clock is set. No clock is ever set here. */
  TIMER_CANCEL_ON_SET = 2,
  /** timerfd_create(): answer EAGAIN instead of waiting. */
  NONBLOCK = 0x800,
  /** timerfd_create(): execve() closes the descriptor. */
  CLOEXEC = 0x80000,
}
