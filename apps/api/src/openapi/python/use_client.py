"""Calls the API with the client that was generated from its description, and prints what it got as JSON."""

import json
import os

from runledger_client import AuthenticatedClient
from runledger_client.api.execution import (
    execution_create_execution,
    execution_get_execution,
    execution_get_execution_get,
    execution_get_stats,
    execution_list_executions,
)
from runledger_client.api.report import report
from runledger_client.models import (
    Error,
    ExecutionCreateExecutionInput,
    ExecutionGetExecutionInput,
    ExecutionGetStatsInput,
    ExecutionListExecutionsInput,
    ReportInput,
)

url = os.environ["API_URL"]
workflow_id = os.environ["WORKFLOW_ID"]
user = AuthenticatedClient(base_url=url, token=os.environ["USER_TOKEN"])
program = AuthenticatedClient(base_url=url, token=os.environ["PROGRAM_KEY"])


def create(of):
    body = ExecutionCreateExecutionInput.from_dict({"workflowId": of, "input": {"amount": 3}, "tags": ["python"]})
    return execution_create_execution.sync(client=user, body=body)


created = create(workflow_id).result.data
listed = execution_list_executions.sync(
    client=user, body=ExecutionListExecutionsInput.from_dict({"filter": "tag=python&from=-24h"})
).result.data
got = execution_get_execution.sync(
    client=user, body=ExecutionGetExecutionInput.from_dict({"id": str(created.id)})
).result.data
by_address = execution_get_execution_get.sync(client=user, input_=json.dumps({"id": str(created.id)})).result.data
ending = report.sync(
    client=program,
    body=ReportInput.from_dict({"execution": str(created.id), "status": "completed", "output": {"total": 7}}),
)
stats = execution_get_stats.sync(client=user, body=ExecutionGetStatsInput.from_dict({})).result.data
refused = create("00000000-0000-4000-8000-000000000000")
assert isinstance(refused, Error)

print(
    json.dumps(
        {
            "created": created.to_dict(),
            "listed": [item.to_dict() for item in listed.items],
            "got": got.to_dict(),
            "byAddress": by_address.to_dict(),
            "report": ending.to_dict(),
            "stats": stats.to_dict(),
            "refused": refused.to_dict(),
        }
    )
)
