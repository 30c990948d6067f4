/** Properties of options without bearing on CPUs and interrupts (up to QEMU 11.1): what is not here is a note. */
import { lookup } from '../../lib/lookup.ts';
import { names } from '../../lib/names.ts';
import { excerpt } from '../../machine/locate.ts';
import type { UnreadPart } from '../notes.ts';
import type { Word } from '../text/shell.ts';
import { commaParts, type Place } from './option.ts';

/** Keys by option; the first part may have none. Options that are not here take a path, a name or text of another program. */
const KEYS = {
  m: names('size mem slots maxmem'),
  boot: names('order once menu splash splash-time reboot-timeout strict'),
  display: names(`
    type gl show-menubar show-cursor show-tabs grab-on-hover zoom-to-fit full-screen full-grab keep-aspect-ratio alt_grab
    ctrl_grab window-close window_close rendernode swap-opt-cmd left-command-key grab-mod charset scale addr p2p audiodev
    frame clipboard`),
  spice: names(`
    port tls-port addr ipv4 ipv6 unix password password-secret disable-ticketing sasl disable-copy-paste disable-agent-file-xfer
    tls-channel plaintext-channel x509-dir x509-key-file x509-key-password x509-cert-file x509-cacert-file x509-dh-key-file
    tls-ciphers image-compression jpeg-wan-compression zlib-glz-wan-compression streaming-video video-codec max-refresh-rate
    agent-mouse playback-compression seamless-migration gl rendernode`),
  vnc: names(`
    vnc websocket reverse password password-secret tls-creds tls-authz sasl sasl-authz acl lossy non-adaptive share
    key-delay-ms audiodev display head to ipv4 ipv6 power-control x509 x509verify tls connections lock-key-sync`),
  fsdev: names(`
    fsdriver id path security_model writeout readonly socket sock_fd fmode dmode multidevs throttling.bps-total
    throttling.bps-read throttling.bps-write throttling.iops-total throttling.iops-read throttling.iops-write`),
  overcommit: names('mem-lock cpu-pm'),
  msg: names('timestamp guest-name'),
  mon: names('chardev mode pretty default'),
  icount: names('shift align sleep rr rrfile rrsnapshot'),
  tpmdev: names('type id path cancel-path chardev'),
  sandbox: names('enable obsolete elevateprivileges spawn resourcecontrol'),
  action: names('reboot shutdown panic watchdog rtc-time'),
  'add-fd': names('fd set opaque'),
  compat: names('deprecated-input deprecated-output unstable-input unstable-output'),
  fw_cfg: names('name file string gen_id'),
  smbios: names(`
    type file vendor version date release uefi manufacturer product serial uuid sku family asset location sock_pfx part
    max-speed current-speed processor-id processor-family speed value path bank loc_pfx internal_reference external_reference
    connector_type port_type designation slot_type slot_data_bus_width current_usage slot_length slot_id slot_characteristics1
    slot_characteristics12 pci_device instance kind pcidev path`),
  'run-with': names('async-teardown chroot user exit-with-parent'),
} as const satisfies Readonly<Record<string, ReadonlySet<string>>>;

/** What of the argument of an option without bearing is not known; what only the shell knows is left to the shell. */
export function unreadIdle(name: string, argument: Word, place: Place): UnreadPart[] {
  const known = lookup(KEYS, name);
  if (!known || argument.unknowns || argument.text.startsWith('{')) return [];
  return commaParts(argument.text).flatMap(({ part, start }): UnreadPart[] => {
    const key = part.split('=')[0].replaceAll('_', '-');
    const plain = part.split('=')[0];
    if (plain === 'id' || known.has(key) || known.has(plain)) return [];
    if (start === 0 && !part.includes('=')) return [];
    // A switch may be turned off by its name.
    if (!part.includes('=') && known.has(plain.replace(/^no-?/, ''))) return [];
    const text = `${excerpt(part)} of -${name}`;
    return [{ part: text, mayHold: [], remedy: undefined, at: place(argument.at(start)) }];
  });
}
