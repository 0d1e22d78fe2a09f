#!/usr/bin/env bash
# Build the core for aarch64, run it in QEMU, and compare the hashes of its trained networks with
# those of this machine's own build. Usage: tests/emulated/neon.sh PRINT_HASHES [BUILD_DIRECTORY]
# where PRINT_HASHES is the program of that name of a native build with FMA.
set -euo pipefail
native=$(realpath "$1")
build=${2:-build/aarch64}
cd "$(dirname "$0")/../.."

for tool in aarch64-linux-gnu-g++ qemu-aarch64; do
  if ! command -v "$tool" > /dev/null; then
    echo "NEON: SKIPPED, $tool is not here (Debian: g++-aarch64-linux-gnu, qemu-user)"
    exit 0
  fi
done
here=$("$native" 2 || true)
if ! grep -q "^numerics fma" <<< "$here"; then
  echo "NEON: SKIPPED, this CPU has no FMA to compare with"
  exit 0
fi

cmake --preset aarch64 -B "$build" -DPython_EXECUTABLE="$(command -v python3)" > /dev/null
cmake --build "$build" --target print_hashes
there=$(qemu-aarch64 -L /usr/aarch64-linux-gnu "$build/tests/cpp/print_hashes" 2 2> "$build/active")
grep -qx neon "$build/active"
if ! diff <(echo "$here") <(echo "$there"); then
  echo "NEON: FAILED, the bits above (< native, > NEON) differ"
  exit 1
fi
echo "NEON: $(($(wc -l <<< "$there") - 1)) cases have the bits of this CPU"
