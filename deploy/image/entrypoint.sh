#!/bin/sh
# The first argument says what the container is.
set -eu

cd "$(dirname "$0")/.."
role=${1:-api}
[ $# -eq 0 ] || shift
case "$role" in
  api) exec node apps/api/src/main.ts "$@" ;;
  dashboard) RUNLEDGER_DASHBOARD=${RUNLEDGER_DASHBOARD:-$PWD/dashboard} exec node apps/api/src/main.ts "$@" ;;
  worker) exec node --max-semi-space-size=4 apps/worker/src/main.ts "$@" ;;
  cli) exec node packages/cli/src/main.ts "$@" ;;
  *)
    echo "\"$role\" is none of api, dashboard (the API with the page), worker and cli." >&2
    exit 2
    ;;
esac
