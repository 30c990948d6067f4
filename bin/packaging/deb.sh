#!/bin/sh
# Makes the Debian package from the build: dist/irqsim_VERSION_all.deb, which runs with the system's Node and holds what the
# package of npm holds, but for the library. The same build gives the same bytes: the time of its files is
# SOURCE_DATE_EPOCH, or that of the last commit. Who makes it is said as to Debian's tools, by DEBFULLNAME and DEBEMAIL.
set -eu
cd "$(dirname "$0")/../.."
umask 022

field() { node -p "require('./package.json').$1"; }
version=$(field version)
maintainer="${DEBFULLNAME:-whoever built this package} <${DEBEMAIL:-root@localhost}>"
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2> /dev/null || date +%s)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm pack --ignore-scripts --silent --pack-destination "$work" > "$work/name"
tar -xzf "$work/$(cat "$work/name")" -C "$work" --no-same-owner --no-same-permissions
package=$work/package
root=$work/root
share=$root/usr/share

mkdir -p "$share/irqsim/dist" "$root/usr/bin" "$root/DEBIAN"
mv "$package/bin" "$share/irqsim"
mv "$package/dist/cli" "$package/dist/web" "$share/irqsim/dist"
ln -s ../share/irqsim/bin/irqsim.cjs "$root/usr/bin/irqsim"

for part in "$package"/dist/share/*; do mv "$part" "$share"; done
# Debian's zsh looks elsewhere.
mv "$share/zsh/site-functions" "$share/zsh/vendor-completions"
mv "$package/README.md" "$package/SECURITY.md" "$package/docs" "$share/doc/irqsim"
mv "$package/scenarios" "$share/doc/irqsim/examples"
mv "$package/CHANGELOG.md" "$share/doc/irqsim"
cat > "$share/doc/irqsim/changelog" << END
irqsim ($version) unstable; urgency=medium

  * CHANGELOG.md.gz says what changed.

 -- $maintainer  $(date -R -u -d "@$epoch")
END
gzip -9n "$share/doc/irqsim/changelog" "$share/doc/irqsim/CHANGELOG.md" "$share/man/man1/irqsim.1"

cat > "$root/DEBIAN/control" << END
Package: irqsim
Version: $version
Architecture: all
Maintainer: $maintainer
Installed-Size: $(du -k -s --apparent-size "$root/usr" | cut -f 1)
Depends: nodejs (>= $(field engines.node | tr -d '>='))
Section: admin
Priority: optional
Description: which CPUs of an x86 machine can receive device interrupts
 irqsim answers from the configuration of a machine or guest, before it boots:
 which CPUs device interrupts can reach, and what becomes of every multi-queue
 device where some cannot. It makes the decisions of the Linux kernel itself,
 release by release, and says what to change.
END
(cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum) > "$root/DEBIAN/md5sums"
find "$root" -exec touch -h -d "@$epoch" {} +
SOURCE_DATE_EPOCH=$epoch dpkg-deb --root-owner-group --build "$root" "dist/irqsim_${version}_all.deb"
