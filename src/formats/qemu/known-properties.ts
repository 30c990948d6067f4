/**
 * Properties of QEMU's options that say nothing of CPUs and interrupts, and those that are read: what QEMU itself lists
 * (7.2), and the names that came later (up to 11.1).
 */
import { names } from '../../lib/names.ts';

/** Of any device, whichever has it. */
export const IDLE_OF_DEVICES = names(`
  account-failed account-invalid acpi-index addr address aer aer_log_max aer_max_queued aerl always-plugged
  any_layout atomic.awun atomic.awupf atomic.dn ats attached audiodev autonegotiation aw-bits backend
  backend_defaults bandwidth base_year baudbase big-endian-framebuffer bios-chs-trans blitter blob block-size bmc
  boot-bypass boot_tpgt bootargs bootindex bootindexA bootindexB buffer bus bus-reserve bus_nr busnr caching-mode cad
  canbus canbus0 canbus1 capareg cdat cert1 cert2 cert3 channel chardev chardev0 chardev1 chardev2 chardev3 chardev4
  chardev5 chardev6 chardev7 chassis chassis_nr chmaps class cmb_size_mb cmd_per_lun cmdlog commandlog config-wce
  cpu-num cryptodev csum ctrl_guest_offloads ctrl_mac_addr ctrl_rx ctrl_rx_extra ctrl_vlan ctrl_vq cyls data data-be
  data-len db debug deflate-on-oom desc detached dev-caps-max-ah dev-caps-max-cq dev-caps-max-mr dev-caps-max-mr-size
  dev-caps-max-pd dev-caps-max-qp dev-caps-max-qp-init-rd-atom dev-caps-max-srq dev-caps-qp-rd-atom device-iotlb
  device_id device_rev disable-acs disable-legacy disable-modern disable_vnet_hdr discard discard_granularity display
  dma dma-drain dma-remap dma-translation dma16 dma_mask dpofua drive drive-type driver drm_native_context duplex
  dynamic-memslots ebpf-rss-fds edid emergency-write enable-migration esp eui64 eui64-default evdev event_idx events
  extended-state extra_mac_registers failover failover_pair_id fallback fd fdp fdtypeA fdtypeB file filter firstport
  force-pcie-endcap force-raw fp_start_macaddr free-page-hint free-page-reporting freq fruareasize frudatafile fs1gp
  fsdev fwrev1 fwrev2 global-vmstate granule gso guest-cid guest-reset guest-resets-all guest-stats
  guest-stats-polling-interval guest_announce guest_csum guest_ecn guest_hwcursor guest_rsc_ext guest_tso4 guest_tso6
  guest_tunnel guest_tunnel_csum guest_ufo guest_uso4 guest_uso6 guestdebug guid hash hash-ebpf hba_serial
  hdm_for_passthrough head heads hidraw host host_ecn host_ip host_mtu host_port host_tso4 host_tso6 host_tunnel
  host_tunnel_csum host_ufo host_uso hostaddr hostbus hostdevice hostport hotplug i8042 ibdev ibport id in_order
  index indirect_desc init-vet initrd intrs io-reserve io_timeout iobase iobase2 ioeventfd iommu_platform iommufd
  ioport iosize iothread iothread-vq-mapping ipmi_version irq isobsize isobufs jacks kbd-irq kbd-throttle kernel
  label-size lcyls len-ports len-reserved-regions lheads log-scsi-req logical_block_size loglevel lost_tick_policy
  lsa lsecs lun mac mad-chardev master masterbus max-bytes max-discard-sectors max-write-zeroes-sectors max_cmds
  max_hostmem max_io_size max_outputs max_sectors max_sge max_unmap_size maxcurr maxframes mcl mdts mem-reserve
  memaddr membar memdev memmap mfg_id migratable migrate-extra migrate_tso_props migration-events min_io_size
  mitigation mixer mmio model modern-pio-notify mount_tag mouse-irq mrg_rxbuf ms mset msix-exclusive-bar msos-desc
  msrc mssrl multi multifunction name netdev node notify_on_empty nqn nr nsid num-dc-regions num-ports ocp
  old_msi_addr opt_io_size osk outputs p2 p3 packed page-per-vq page-poison param_change pasid pcap pci-id period
  persistent-memdev physical_block_size pi pif pil pipeline pmrdev port port-power port_index port_wwn ports
  power_controller_present ppi prealloc pref32-reserve pref64-reserve primary-bus product product_id productid
  prog_if ps2kbd ps2mouse pt qemu-4-0-config-size qemu-extended-regs queue-size queue_reset
  quirk_mode_page_apple_vendor quirk_mode_page_truncated quirk_mode_page_vendor_specific_apple
  quirk_mode_sense_rom_use_dbd ram_size ram_size_mb ramfb readback readonly record_size refresh_rate removable
  report-discard-granularity request-merging requested-size rerror revision rng rombar romfile romsize rootdir
  rotation_rate rsc_interval rss rx_queue_size sas_address scsi scsi-id scsi_version sd-spec-version sdrfile secs
  seg-max-adjust seg_max_adjust seqpacket serial share-rw shared shpc size slave_addr slot slots
  smart_critical_warning sn snoop-control spec_version speed spi sriov_max_vfs sriov_max_vi_per_vf
  sriov_max_vq_per_vf sriov_vi_flexible sriov_vq_flexible stale-tm status streams subsys subsys_ven
  superspeed-ports-first suppress-remote-wake surfaces svm switch_id sysfsdev t10_pi tag tpmdev tx tx_queue_size uhs
  unarmed unit unplugged-inaccessible usb_version use-disabled-flag use-intel-id use-started use-timer use_hcalls
  use_jbod uuid vendor vendorid venus vhostdev ver version vf-token vgamem vgamem_mb vhostfd vhostforce virtio-backend
  virtio-pci-bus-master-bug-migration virtqueue_size volatile-dc-memdev volatile-memdev vram64_size_mb vram_size
  vram_size_mb vsl wakeup werror wheel-axis world write-cache write-zeroes wwn wwpn x-256b-flit x-ats-page-aligned
  x-balloon-allowed x-data-plane x-device-id x-disable-legacy-check x-disable-pcie x-enable-migration
  x-enable-wce-if-config-wce x-flts x-igd-gms x-igd-opregion x-ignore-backend-features x-intx-mmap-timeout-ms
  x-migrate-msix x-migration-multifd-transfer x-mtu-bypass-backend x-native-hotplug x-no-geforce-quirks x-no-kvm-intx
  x-no-kvm-ioeventfd x-no-kvm-msi x-no-kvm-msix x-no-mmap x-no-vfio-ioeventfd x-nv-gpudirect-clique x-old-msi-offsets
  x-old-pci-configuration x-pasid x-pasid-mode x-pci-class-code x-pci-device-id x-pci-sub-device-id
  x-pci-sub-vendor-id x-pci-vendor-id x-pcie-ari-nextfn-1 x-pcie-deverr-init x-pcie-err-unc-mask x-pcie-extcap-init
  x-pcie-flr-init x-pcie-lnkctl-init x-pcie-lnksta-dllla x-pcie-pm-init x-pixman x-pre-copy-dirty-page-tracking
  x-ramfb-migrate x-req x-scalable-mode x-speed x-txburst x-txtimer x-vga x-width xhci-core xmax xres ymax yres zoned
  zoned.auto_transition zoned.cross_read zoned.descr_ext_size zoned.max_active zoned.max_open zoned.numzrwa
  zoned.zasl zoned.zone_capacity zoned.zone_size zoned.zrwafg zoned.zrwas`);

/** Of `-machine`: collect.ts reads the first line. */
export const OF_MACHINE = names(`
  type accel kernel-irqchip hpet default-bus-bypass-iommu acpi confidential-guest-support append
  kernel initrd dtb dumpdtb firmware boot bus-lock-ratelimit dt-compatible dump-guest-core enforce-config-section fd-bootchk
  graphics i8042 igd-passthru ioapic2 isa-serial kvm-shadow-mem max-fw-size max-ram-below-4g mem-merge memory memory-backend
  memory-encryption nvdimm nvdimm-persistence pcie pcspk-audiodev pflash0 pflash1 phandle-start pic pit rtc sata smbus smm spcr
  smbios-entry-point-type suppress-vmdesc usb vmport cxl hmat aux-ram-share auto-kernel-cmdline x-oem-id x-oem-table-id
  x-option-roms x-south-bridge xen-platform-dev aes-key-wrap dea-key-wrap loadparm topoext shim`);

/** Keys of `-machine` that have members: `memory.size`, `sgx-epc.0.memdev`. */
export const MEMBERS_OF_MACHINE = names('boot memory sgx-epc cxl-fmw');

/** Of `-accel`. */
export const OF_ACCEL = names(`
  accel kernel-irqchip
  thread tb-size split-wx one-insn-per-tb dirty-ring-size kvm-shadow-mem notify-vmexit notify-window eager-split-size
  honor-guest-pat device rapl rapl-helper-socket hyperv igd-passthru`);

/** Of `-numa`, by type. */
export const OF_NUMA = {
  node: names('type nodeid cpus mem memdev initiator'),
  cpu: names('type node-id socket-id die-id module-id cluster-id core-id thread-id'),
  dist: names('type src dst val'),
  'hmat-lb': names('type initiator target hierarchy data-type latency bandwidth'),
  'hmat-cache': names('type node-id size level associativity policy line'),
} as const;

/** Backends of `-netdev`, `-nic` and `-net`. */
export const NET_BACKENDS = names(`
  tap user bridge socket stream dgram hubport l2tpv3 vde netmap vhost-user vhost-vdpa af-xdp passt vmnet-host vmnet-shared
  vmnet-bridged nic none dump`);

/** Of backends. */
export const OF_NETDEV = names(`
  type id queues fds vhostfds
  fd fd.str ifname script downscript br helper sndbuf vnet_hdr vhost vhostfd vhostforce poll-us vhost-poll-us net host
  hostname dhcpstart dns dnssearch domainname restrict ipv4 ipv6 ipv6-net ipv6-host ipv6-prefix ipv6-prefixlen ipv6-dns
  tftp bootfile tftp-server-name smb smbserver hostfwd guestfwd listen connect mcast localaddr udp addr addr.type
  addr.host addr.port addr.path addr.str server reconnect reconnect-ms local remote src srcport dst dstport udp
  cookie64 counter pincounter txcookie rxcookie txsession rxsession offset sock port group mode hubid netdev chardev
  vhostdev x-svq opened isolated start-address end-address subnet-mask nat66-prefix net-uuid inhibit sock-fds map-path
  map-start-index force-copy devname file len path param mtu interface outbound outbound-if4 outbound-if6 gateway address
  netmask mac no-map-gw quiet search tcp-ports udp-ports log-file vhost-user no-icmp`);

/** Of the card of `-nic` and `-net nic`. */
export const OF_NIC = names('model name macaddr mac addr vectors vlan netdev');

/** Of `-drive`; a name with a dot goes to the block driver. */
export const OF_DRIVE = names(`
  if file format id index media bus unit
  cache aio discard detect-zeroes readonly read-only snapshot rerror werror group copy-on-read serial addr boot cyls heads
  secs trans driver node-name auto-read-only force-share share-rw filename size bps bps_rd bps_wr bps_max bps_rd_max bps_wr_max
  iops iops_rd iops_wr iops_max iops_rd_max iops_wr_max iops_size bps_max_length iops_max_length pr-manager locking
  drop-cache x-check-cache-dropped fd export host port path server socket user password-secret key-secret pool image conf
  overlap-check lazy-refcounts pass-discard-request pass-discard-snapshot pass-discard-other l2-cache-size
  l2-cache-entry-size refcount-cache-size cache-size cache-clean-interval backing read-zeroes latency-ns offset
  sslverify readahead timeout url cookie proxy`);

/** Of `-virtfs`. */
export const OF_VIRTFS = names(`
  local proxy synth path mount_tag security_model id writeout readonly socket sock_fd fmode dmode multidevs remap`);

/** Values of `-vga` and `-balloon`. */
export const DISPLAYS = names('std cirrus vmware qxl xenfb tcx cg3 virtio none');
export const BALLOONS = names('virtio none');

/** Models of `-audio`. */
export const SOUND_MODELS = names('ac97 adlib cs4231a es1370 gus hda pcspk sb16 virtio none');

/** Objects that decide on the interrupt chip: guests that are kept from their host. */
export const CONFIDENTIAL = names('sev-guest sev-snp-guest tdx-guest');

/** Other objects: nothing that the guest sees as a CPU or a device. */
export const OBJECTS = names(`
  authz-list authz-list-file authz-pam authz-simple can-bus can-host-socketcan colo-compare cryptodev-backend
  cryptodev-backend-builtin cryptodev-backend-lkcf cryptodev-vhost-user dbus-vmstate filter-buffer filter-dump filter-mirror
  filter-redirector filter-replay filter-rewriter input-barrier input-linux iommufd iothread main-loop memory-backend-epc
  memory-backend-file memory-backend-memfd memory-backend-ram memory-backend-shm pr-manager-helper qtest rng-builtin rng-egd
  rng-random secret secret_keyring thread-context throttle-group tls-cipher-suites tls-creds-anon tls-creds-psk
  tls-creds-x509 acpi-generic-initiator acpi-generic-port vfio-user-server x-vfio-user-server x-remote-object event-loop-base`);

/** Of objects. */
export const OF_OBJECTS = names(`
  qom-type id
  addr aio-max-batch align bus canbus chardev cpu-affinity data devid dh-cert-file dir discard-data dump endpoint evdev fd file
  filename format grab-toggle grab_all height host-nodes hugetlb hugetlbsize identity if indev insert interval iv keyid
  limits log maxlen mem-path merge name netdev node node-affinity outdev passwordid path pci-dev pmem policy poll-grow
  poll-max-ns poll-shrink poll-weight port position prealloc prealloc-context prealloc-threads primary_in secondary_in
  priority queue queues readonly refresh reserve rom rules sanity-check seal secondary server session-file share size socket
  status thread-pool-max thread-pool-min tls-creds username verify-peer vnet_hdr_support width x-origin y-origin service
  notify_dev compare_timeout expired_scan_cycle max_queue_size repeat guest-memfd x-use-canonical-path-for-ramblock-id device
  cbitpos reduced-phys-bits policy handle dh-cert-file session-file sev-device kernel-hashes guest-visible-workarounds
  id-block id-auth author-key-enabled host-data vcek-disabled legacy-vm-type debug-swap
  attributes sept-ve-disable mrconfigid mrowner mrownerconfig quote-generation-socket`);

/** Of `-rtc`. */
export const OF_RTC = names('base clock driftfix');

/** Backends of `-chardev`, and what they are told. */
export const CHARDEVS = names(`
  null socket udp msmouse wctablet vc ringbuf memory file pipe console serial pty stdio braille tty parallel parport spicevmc
  spiceport qemu-vdagent dbus mux hub testdev`);
export const OF_CHARDEV = names(`
  backend id
  path host port to server wait nodelay ipv4 ipv6 reconnect reconnect-ms telnet websocket tn3270 tls-creds tls-authz abstract
  tight fd localaddr localport name input-path output-path in out append signal mux logfile logappend width height cols rows size
  debug clipboard mouse delay keep-alive mptcp keep-alive-count keep-alive-idle keep-alive-interval encoding`);
