"""Lints the chart, renders it with its own values and with everything switched on, and validates what comes of it for two versions of Kubernetes."""

import sys

import kubernetes_validate
import yaml
from helm_python.chart import Chart, lint

EVERYTHING = {
    "existingSecret": "keys",
    "filesSecret": "files",
    "imagePullSecrets": [{"name": "registry"}],
    "api": {"ingress": {"enabled": True, "className": "nginx", "tlsSecret": "tls", "annotations": {"a": "b"}}},
    "metrics": {"podMonitor": True, "rules": True},
    "networkPolicy": {"enabled": True},
    "nodeSelector": {"kubernetes.io/arch": "amd64"},
    "tolerations": [{"key": "spot", "operator": "Exists"}],
}
# Of the Prometheus operator: Kubernetes has no schema of them.
OF_OTHERS = "monitoring.coreos.com/v1"

folder = sys.argv[1]
for values in ({}, EVERYTHING):
    report = lint(folder, values, kube_version="v1.31.0")
    wrong = [message for message in report["messages"] if message["severity"] > 1]
    if wrong:
        sys.exit(f"helm lint: {wrong}")
    rendered = Chart.load(folder).render(values, name="shop", namespace="runledger")
    documents = [
        document
        for path, text in sorted(rendered.items())
        if not path.endswith((".txt", ".tpl"))
        for document in yaml.safe_load_all(text)
        if document
    ]
    for document in documents:
        if document["apiVersion"] == OF_OTHERS:
            continue
        for version in ("1.27", "1.37"):
            kubernetes_validate.validate(document, version, strict=True)
    kinds = ", ".join(sorted(document["kind"] for document in documents))
    print(f"helm and Kubernetes 1.27 and 1.37: {len(documents)} documents are fine ({kinds})")
