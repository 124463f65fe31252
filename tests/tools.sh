#!/usr/bin/env bash
# Installs the programs that the tests need and the Python environment cannot bring: from Debian where
# we are root, else it names them. Node's packages are installed by the tests themselves.
set -euo pipefail

# program:package
needed="node:nodejs npm:npm chromium:chromium go:golang-go thrift:thrift-compiler javac:default-jdk-headless wsimport:jaxws gcc:gcc soapcpp2:gsoap"

missing=""
for each in $needed; do
  command -v "${each%%:*}" >/dev/null || missing="$missing ${each##*:}"
done
[ -e /usr/include/stdsoap2.h ] || missing="$missing libgsoap-dev"
[ -e /usr/share/java/thrift.jar ] || missing="$missing libthrift-java"
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  # shellcheck disable=SC2086  # a list of packages
  apt-get install -qq -y --no-install-recommends $missing >/dev/null
else
  echo "some tests will be skipped; to run them, install:$missing" >&2
fi
