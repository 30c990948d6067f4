/** Queue counts that drivers log: nvme, virtio_blk, virtio_scsi, NVMe over fabrics, blk-mq. */
import type { MessageEntry } from '../entry.ts';

export const DRIVER_QUEUE_MESSAGES: readonly MessageEntry[] = [
  {
    name: 'queue-types',
    routine: true,
    templates: ['{}/{}/{} default/read/poll queues', 'mapped {}/{}/{} default/read/poll queues'],
    printedBy:
      'nvme_setup_io_queues() (nvme), init_vq() (virtio_blk), virtscsi_map_queues() (virtio_scsi), nvme_tcp and nvme_rdma ("mapped")',
    meaning:
      'How many queues of each type the device got. Default and read queues have one interrupt vector each; poll queues have none. CPUs share the queues: each default queue serves its group of possible CPUs.',
    matters: 'No: it is information. Fewer queues than CPUs means that CPUs share them.',
    why: 'The count is the least of: possible CPUs (online CPUs for fabrics), what the device offers (num-queues, num_queues, queues=), and the vectors that were free. Fewer than expected means that one of the three ran short.',
    check:
      '/sys/block/*/mq/*/cpu_list shows which CPUs each queue serves; irqsim why FILE queue NAME:N shows the chain.',
    change:
      "More queues in the hypervisor's device, more vectors, or fewer possible CPUs (nr_cpus=) so that queues are not spread over CPUs that never come.",
    rules: ['queue-never-starts', 'cpus-share-queues'],
  },
  {
    name: 'nvme-creating-queues',
    routine: true,
    templates: ['creating {} I/O queues.'],
    printedBy: 'nvme_tcp, nvme_rdma and nvme_fc when a controller is connected',
    meaning:
      'The number of I/O queues that the host asks for: normally one for each online CPU, or what nr-io-queues says, or what the controller allows.',
    matters: 'No: it is information. Compare the number with the CPUs.',
    why: 'Fabrics count online CPUs at connect time but map queues over possible CPUs, so a queue may belong to CPUs that are not online.',
    check: '/sys/class/nvme/nvmeN/queue_count and the lines after this one.',
    change: 'nvme connect --nr-io-queues=N to choose another number.',
    rules: ['queue-never-starts'],
  },
  {
    name: 'nvme-queues-not-created',
    templates: ['IO queues not created', 'IO queues lost'],
    printedBy:
      'nvme_reset_work() of drivers/nvme/host/pci.c: "not created" at first probe, "lost" after a reset (wording of 6.x)',
    meaning:
      'Only the admin queue works. The controller stays so that it can be managed, but it has no namespaces to read or write.',
    matters: 'Yes: the disk cannot be read or written.',
    why: 'Creating I/O queues failed: no interrupt vector for any queue, or the controller refused (firmware, a failed reset).',
    check: 'Lines before it with error -28 or -12; irqsim analyze for vectors. nvme list shows no namespace.',
    change: 'Free vectors (fewer queues on other devices), or reset or update the controller.',
    rules: ['device-without-queue', 'vector-reservation-failed'],
  },
  {
    name: 'nvme-connect-queue-failed',
    templates: ['failed to connect queue: {} ret=-18', 'failed to connect queue: {} ret={}'],
    printedBy: 'nvmf_connect_io_queue() and its transports; -18 is EXDEV of blk_mq_alloc_request_hctx()',
    meaning:
      'A queue of a fabrics controller could not be connected. -18 (EXDEV): none of the CPUs that are mapped to the queue is online.',
    matters: 'Yes: the controller is not connected, or loses its connection.',
    why: 'Queues are spread over possible CPUs; some groups hold only CPUs that are offline, not plugged or isolated.',
    check: '/sys/block/*/mq/*/cpu_list against /sys/devices/system/cpu/online.',
    change: 'nvme connect --nr-io-queues=N with fewer queues, bring the CPUs online, or boot with nr_cpus=.',
    rules: ['queue-never-starts'],
  },
  {
    name: 'nvme-completion-polled',
    templates: ['timeout, completion polled'],
    printedBy: 'nvme_timeout() of drivers/nvme/host/pci.c, after the I/O timeout of 30 s',
    meaning:
      'The request was finished all along: its completion lay in the queue, but the interrupt never arrived, so it was found by looking. The interrupt was lost or missed.',
    matters:
      'Yes: an interrupt was lost, and each such request takes 30 seconds. If it repeats, I/O all but stands.',
    why: 'The interrupt of that queue (QID is the queue, 0 the admin queue) cannot fire: it points to a CPU that cannot be reached or is offline, its remapping entry is stale, or the hypervisor dropped it. One line after a suspend or a migration may be a race.',
    check:
      'The CPU of the queue: /proc/irq/N/effective_affinity_list and whether its count in /proc/interrupts rises. irqsim analyze / tells queues whose interrupt cannot reach its CPU.',
    change:
      'Move or reach that CPU (interrupt remapping, extended destination ID), update hypervisor or firmware; QID 0 concerns the whole device.',
    rules: ['queue-never-starts', 'msi-writes-memory', 'remapping-misroutes'],
  },
  {
    name: 'hung-task',
    templates: ['INFO: task {} blocked for more than {} seconds', 'blocked for more than {} seconds'],
    printedBy: 'check_hung_task() of kernel/hung_task.c',
    meaning: 'A task has waited that long for something, very often for I/O whose completion does not come.',
    matters: 'Yes: something waits that may wait for ever. One line under heavy I/O may pass.',
    why: 'If the stack below it holds blk_mq, nvme, scsi or a file system: a request went to a queue whose interrupt cannot fire, or the device is slow or gone.',
    check:
      'The stack; /sys/kernel/debug/block/*/hctx*/busy for requests that are stuck; /proc/interrupts for a queue whose count stands still.',
    change:
      'Find the queue and its CPU: irqsim why FILE queue NAME:N. A dead queue needs its CPU to be reachable.',
    rules: ['queue-never-starts', 'policy-io-hangs'],
  },
  {
    name: 'nr-hw-queues-fallback',
    templates: ['Increasing nr_hw_queues to {} fails, fallback to {}'],
    printedBy: '__blk_mq_update_nr_hw_queues() of block/blk-mq.c',
    meaning: 'The number of hardware queues could not be raised; the old number stays in use.',
    matters: 'Seldom: the device works with as many queues as before.',
    why: 'Memory for the new queues (hctx, tags) could not be allocated.',
    check: 'Memory pressure at that time; /sys/block/NAME/mq.',
    change: 'Free memory and reset or reconnect the device.',
    rules: [],
  },
];
