/**
 * What everything costs in virtual time. Unit: ns, unless a field says otherwise. Every value can be edited; the
 * defaults name their source. "Measured" means: on Linux 6.18, in a KVM guest on an AMD EPYC with a virtio disk, by
 * repeating calls and taking a low percentile of the CPU time, and scaled to the speed at which getppid() takes 69 ns.
 */
@unmanaged
export class Costs {
  /** One crossing between user mode and kernel mode. Source: half of a 69 ns getppid() on Linux 6.18, x86-64. */
  mode_switch: u32;
  /** Going on with another task. Source: lmbench lat_ctx, 2 processes, some 1.2 us on current x86-64. */
  context_switch: u32;
  /** Waking a task. Source: order of try_to_wake_up() in ftrace on current x86-64. */
  wakeup: u32;
  /** The fixed part of every copy. Source: order of copy_to_user() for a cache line. */
  copy: u32;
  /** Copying, by length. Unit: ns per 64 KiB. Source: 64 KiB memcpy, some 1 us on Linux 6.18, x86-64. */
  copy_64k: u32;
  /** One kernel function that does a fixed, small work. Source: the 69 ns system call and its some ten functions. */
  function: u32;
  /** Entering and leaving a hard interrupt. Source: order of an MSI interrupt on current x86-64. */
  interrupt: u32;
  /** Entering and leaving a soft interrupt. Source: order of __do_softirq() in ftrace. */
  soft_interrupt: u32;
  /**
   * One packet with data on its way through one half of the network stack, that of sending or that of receiving, without
   * its copies. Source: measured, 2.7 us for the send() and recv() of a byte by TCP over loopback; by UDP, half of that.
   */
  packet: u32;
  /** One minor page fault. Source: measured, 0.7 us for a page of zeros, 1.9 us for a page of a file. */
  minor_fault: u32;
  /** Starting a DMA transfer. Source: order of a PCIe round trip. */
  dma: u32;
  /** DMA, by length. Unit: ns per 64 KiB. Source: PCIe 3.0 x4, some 3.5 GB/s. */
  dma_64k: u32;
  /** One way over the wire to a peer outside. Source: same data centre, some 100 us a round trip. */
  wire_latency: u32;
  /** Sending over the wire, by length. Unit: ns per 64 KiB. Source: 10 Gbit/s. */
  wire_64k: u32;
  /** How long a task runs while others wait. Source: Linux 6.18, base slice of 2.8 ms on 2 CPUs. */
  time_slice: u32;
  /** A CPU's work for one command of the disk. Source: order of blk_mq_submit_bio() to nvme_queue_rq() in ftrace. */
  disk_command: u32;
  /** A flash disk begins to answer after it. Source: data sheets of NVMe disks of TLC, 60 to 90 us for 4 KiB. */
  flash_latency: u32;
  /** A flash disk's bytes on their way, by length. Unit: ns per 64 KiB. Source: PCIe 3.0 x4, some 3.5 GB/s. */
  flash_64k: u32;
  /** Mean time for a head to reach another track. Source: data sheets of disks with 7200 turns a minute, 8.5 ms. */
  disk_seek: u32;
  /** One turn of the platters. Source: 7200 turns a minute. */
  disk_rotation: u32;
  /** A rotating disk's bytes under the head, by length. Unit: ns per 64 KiB. Source: data sheets, some 200 MB/s. */
  disk_64k: u32;
  /** A CPU moves a word of 4 bytes from or to a device. Source: ATA PIO mode 4, 120 ns for 2 bytes. */
  pio_word: u32;
  /**
   * Summing the bytes of packets while they are copied, if the network card does not. Unit: ns per 64 KiB, beside the
   * copy. Source: order of csum_partial() on current x86-64, some 30 GB/s.
   */
  checksum_64k: u32;
  /**
   * One packet without data, such as an acknowledgement, on its way through one half of the network stack. Source:
   * measured, 0.56 us more for a byte by TCP over loopback if TCP_QUICKACK has each of them acknowledged at once.
   */
  control_packet: u32;
  /**
   * One page, beside its bytes, that is handed on by reference, pinned for a device or mapped along with another one.
   * Source: measured, 54 ns for each further page of a splice() to a pipe and on to /dev/null, 43 ns with vmsplice().
   */
  page: u32;
  /**
   * Telling a disk that has nothing to do of a command; one that is at work looks for the next by itself. Source: measured,
   * 8 us for the io_submit() of a read of 4 KiB with O_DIRECT, less `disk_command`: the doorbell of a virtio disk leaves the
   * guest. That of a disk of the computer's own takes some 100 ns.
   */
  disk_doorbell: u32;
}

/** Sets every cost to its default; the fields of Costs name the sources. */
export function default_costs(costs: Costs): void {
  costs.mode_switch = 35;
  costs.context_switch = 1200;
  costs.wakeup = 200;
  costs.copy = 10;
  costs.copy_64k = 1000;
  costs.function = 8;
  costs.interrupt = 600;
  costs.soft_interrupt = 200;
  costs.packet = 1100;
  costs.minor_fault = 1000;
  costs.dma = 900;
  costs.dma_64k = 18700;
  costs.wire_latency = 50000;
  costs.wire_64k = 52400;
  costs.time_slice = 2800000;
  costs.disk_command = 1500;
  costs.flash_latency = 80000;
  costs.flash_64k = 18700;
  costs.disk_seek = 8500000;
  costs.disk_rotation = 8333333;
  costs.disk_64k = 327700;
  costs.pio_word = 240;
  costs.checksum_64k = 2000;
  costs.control_packet = 150;
  costs.page = 50;
  costs.disk_doorbell = 6500;
}
