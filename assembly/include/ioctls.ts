/** Requests of ioctl(2) that files of every kind or of several kinds know. @kernel include/uapi/asm-generic/ioctls.h */
export enum Ioctl {
  /** Number of bytes that can be read now: an int. */
  FIONREAD = 0x541b,
  /** Number of bytes that a socket has not yet sent, or whose receipt was not acknowledged (SIOCOUTQ): an int. */
  TIOCOUTQ = 0x5411,
  /** 1 if reading stands where the urgent byte is: an int. */
  SIOCATMARK = 0x8905,
  /** Turn O_NONBLOCK on or off, as an int says. */
  FIONBIO = 0x5421,
  /** Turn O_ASYNC on or off, as an int says. */
  FIOASYNC = 0x5452,
  /** execve() does not close the descriptor. */
  FIONCLEX = 0x5450,
  /** execve() closes the descriptor. */
  FIOCLEX = 0x5451,
}
