#!/bin/sh
# Puts into a folder what the image runs: sources, packages of production, the built page and the monitor's workflow bundle.
# The Dockerfile runs it; so does the test, which has no container.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
out=${1:?the folder to assemble in}
PATH="$root/node_modules/.bin:$PATH"
export PATH DO_NOT_TRACK=1 TURBO_TELEMETRY_DISABLED=1

cd "$root"
turbo prune @runledger/api @runledger/worker @runledger/cli --docker --out-dir "$out/pruned" >/dev/null
page=$(node apps/dashboard/src/build-dashboard.ts)

mkdir -p "$out/app/deploy"
cp -R "$out/pruned/full/." "$out/app"
cp "$out/pruned/pnpm-lock.yaml" "$root/tsconfig.base.json" "$out/app"
cp -R "$page" "$out/app/dashboard"
cp deploy/image/entrypoint.sh deploy/image/health.mjs "$out/app/deploy"
rm -rf "$out/pruned"

cd "$out/app"
# Hoisted: packages take what they leave to their users (peers) from the applications beside them.
pnpm install --prod --frozen-lockfile --ignore-scripts --config.node-linker=hoisted \
  --filter-prod '@runledger/api...' --filter-prod '@runledger/worker...' --filter-prod '@runledger/cli...'
rm -rf tools
# What webpack and tRPC can do without.
rm -rf node_modules/typescript node_modules/@typescript node_modules/sharp node_modules/@img node_modules/lightningcss*
# Tests, and Temporal's core for machines that the image is not for.
find apps packages -path '*/node_modules' -prune -o \( -name '*.test.ts' -o -name '*.typecheck.tsx' \) -type f -exec rm {} +
machine=$(node -p '`${process.arch === "x64" ? "x86_64" : "aarch64"}-unknown-linux-gnu`')
find node_modules -path '*core-bridge/releases/*' -prune -type d ! -name "$machine" -exec rm -rf {} +
find node_modules \( -name '*.map' -o -name '*.md' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -type f -exec rm {} +
node --input-type=module -e "await (await import('./apps/worker/src/workflow-bundle.ts')).monitorBundle()"
