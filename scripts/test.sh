#!/usr/bin/env bash
# Everything that has to be right before a change is handed in. Arguments go to go test, in place of ./...
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/needs.sh
scripts/lint.sh

race=(-race)
if ! command -v "$(go env CC)" >/dev/null; then
	echo "test: no C compiler, so go test runs without -race" >&2
	race=()
fi

# One PostgreSQL for the test processes of all packages; it ends with this command, however that ends.
go build -o bin/withpg ./internal/pgtest/withpg
if [[ $# -eq 0 ]]; then
	set -- ./...
fi
exec bin/withpg go test "${race[@]}" -parallel 4 -timeout 20m "$@"
