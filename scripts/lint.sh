#!/usr/bin/env bash
# The checks that read the code without running it: gofmt, go vet, staticcheck, govulncheck, tsc.
set -euo pipefail
cd "$(dirname "$0")/.."

staticcheck=honnef.co/go/tools/cmd/staticcheck@v0.8.2
govulncheck=golang.org/x/vuln/cmd/govulncheck@v1.8.0

unformatted=$(find . -name '*.go' -not -path './.git/*' -not -path '*/node_modules/*' -exec gofmt -l {} +)
if [[ -n $unformatted ]]; then
	printf 'lint: gofmt has not seen:\n%s\n' "$unformatted" >&2
	exit 1
fi

go vet ./...

# have says whether a tool can be built here, from the module cache or the network.
have() {
	local said
	if said=$(go run "$1" -version 2>&1); then
		return 0
	fi
	echo "lint: $1 cannot be had here: ${said##*$'\n'}" >&2
	[[ ${CI-} != true ]] || exit 1
	return 1
}

if have "$staticcheck"; then
	go run "$staticcheck" ./...
fi

tsc=web/node_modules/.bin/tsc
if [[ -x $tsc ]] && command -v node >/dev/null; then
	"$tsc" --noEmit --project web
else
	echo "lint: no tsc (npm ci in web, with Node): the types of the web apps are not checked" >&2
	[[ ${CI-} != true ]] || exit 1
fi

# govulncheck asks a database in the network for known faults (GOVULNDB names another one, such as a file:// copy). It asks
# before it does anything else; a machine that cannot reach the database is told so, which is no fault of the code.
if have "$govulncheck"; then
	status=0
	found=$(go run "$govulncheck" ./... 2>&1) || status=$?
	if [[ $status -ne 0 && -z ${GOVULNDB-} && $found == *"fetching vulnerabilities:"* ]]; then
		echo "lint: the vulnerability database cannot be reached from here (set GOVULNDB); govulncheck has not run" >&2
	elif [[ $status -ne 0 ]]; then
		echo "$found" >&2
		exit 1
	fi
fi
