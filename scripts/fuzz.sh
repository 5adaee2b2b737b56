#!/usr/bin/env bash
# Runs every fuzz test for FUZZTIME (10s unless told otherwise), one after another. go test only replays their seeds.
set -euo pipefail
cd "$(dirname "$0")/.."

for package in $(go list ./...); do
	for name in $(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
		echo "fuzz: $package $name" >&2
		go test -run '^$' -fuzz "^$name\$" -fuzztime "${FUZZTIME:-10s}" "$package"
	done
done
