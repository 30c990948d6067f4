#!/bin/sh
# usage: bin/packaging/image.sh FOLDER
# Puts into FOLDER all that an image with irqsim holds: dist/irqsim, the libraries that it is linked with, and the licences.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p "$1/work"
cp dist/irqsim LICENSE dist/share/doc/irqsim/copyright "$1"
ldd dist/irqsim | grep -o '/lib[^ ]*' | xargs cp --dereference --parents --target-directory="$1"
