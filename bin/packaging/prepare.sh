#!/bin/sh
# npm runs this after `npm ci`, before it packs, and where it installs from a repository: afterwards irqsim is built.
set -eu
cd "$(dirname "$0")/../.."
case ${npm_config_omit:-} in *dev*) exit 0 ;; esac
# `npm install --global git+...` hands --global on to the installation of what the build needs, which so misses it.
export npm_config_global=false
[ -e node_modules/.bin/esbuild ] || npm ci --ignore-scripts
npm run build:if-stale
