#!/usr/bin/env bash
# Everything that has to be right before a change is handed in. Arguments go to go test, in place of ./...
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/needs.sh

# The checks of the web apps: tsc, axe and what drives the browser. Building the apps needs none of it.
if [[ web/package-lock.json -nt web/node_modules/.package-lock.json ]] && command -v npm >/dev/null; then
	if ! said=$(npm ci --prefix web --no-audit --no-fund --loglevel=error 2>&1); then
		echo "test: npm ci in web has failed: ${said%%$'\n'*}" >&2
		[[ ${CI-} != true ]] || exit 1
	fi
fi

scripts/lint.sh

# The race detector watches our code, and what of others' keeps goroutines apart: database/sql, the drivers, HTTP. It leaves alone
# what only computes for whoever calls it: SQLite (C translated to Go, over the memory of one connection), the maker of QR codes and
# the maker of random cases. To watch each of their loads took most of the tests' time, and shows no fault of ours.
race=(-race)
for computes in github.com/ncruces/go-sqlite3-wasm github.com/skip2/go-qrcode pgregory.net/rapid; do
	race+=("-gcflags=$computes/...=-race=false -d=checkptr=0")
done
if ! command -v "$(go env CC)" >/dev/null; then
	echo "test: no C compiler, so go test runs without -race" >&2
	race=()
fi

# The tests wait for the disk more than for anything else: their folders lie in memory where there is room. Nothing is lost by
# it, for no test cuts the power; what is killed is processes, and a process leaves its files to the system either way.
room=$(df --output=avail -m /dev/shm 2>/dev/null | tail -n 1 || true)
if [[ -z ${TMPDIR-} && ${room:-0} -gt 6000 ]]; then
	TMPDIR=$(mktemp -d /dev/shm/fieldsync-test.XXXXXX)
	export TMPDIR
	chmod 1777 "$TMPDIR" # the PostgreSQL server runs as another user
	trap 'rm -rf "$TMPDIR"' EXIT
fi

# One PostgreSQL and one object store for the test processes of all packages; they end with this command, however that ends.
# The object stores are programs of their own that withs3 builds into the user's cache folder the first time.
go build -o bin/ ./internal/pgtest/withpg ./internal/s3test/withs3
if [[ $# -eq 0 ]]; then
	set -- ./server ./server/internal/console ./... # the longest first, so that nothing waits for them at the end
fi
bin/withpg bin/withs3 go test "${race[@]}" -parallel 4 -timeout 20m "$@"
