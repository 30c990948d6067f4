/** Commands that name a program and do not run it: `chmod +x cloud-hypervisor` starts no guest. */
import { names } from '../../lib/names.ts';
import type { Word } from './shell-words.ts';

const NAMING = names(`
  echo printf which whereis type command hash alias [ [[ test ls file ldd stat cat grep egrep rg sed awk ps pgrep pidof
  kill killall pkill apt apt-get aptitude dpkg dnf yum rpm zypper pacman apk brew emerge nix-shell snap pip pkg cargo cd cp mv ln
  install rm mkdir touch chmod chown chgrp usermod gpasswd adduser groupadd setcap getcap modprobe rmmod lsmod insmod modinfo
  systemctl service man info git wget curl tar update-alternatives`);

/** True if the words in front of a program belong to a command that only names it. */
export function namesOnly(before: readonly Word[]): boolean {
  const first = before.find(({ text }) => !/^(?:sudo|doas|exec|!|-\w+|\w+=.*)$/.test(text));
  return first !== undefined && NAMING.has(first.text);
}
