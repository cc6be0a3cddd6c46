"""How a custom resource tells CloudFormation what became of its request.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
"""

import json
from collections.abc import Mapping
from typing import Any

from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session

from veil.adapters.aws.client import ca_bundle
from veil.domain.ports import StorageUnavailable

TIMEOUTS = (2, 5)  # to connect, to read
TRIES = 3
MAX_REASON = 500


def respond(event: Mapping[str, Any], physical_id: str, *, failure: str | None = None) -> None:
    """Put the answer where ``event`` says: that it was done, or why not.

    Raises `StorageUnavailable` if it can't be put: then Lambda calls the function again.
    """
    told = {
        "Status": "FAILED" if failure else "SUCCESS",
        "PhysicalResourceId": physical_id,
        **{name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")},
        **({"Reason": failure[:MAX_REASON]} if failure else {}),
    }
    body = json.dumps(told).encode()
    request = AWSRequest("PUT", event["ResponseURL"], headers={"content-type": ""}, data=body).prepare()
    http = URLLib3Session(verify=ca_bundle() or True, timeout=TIMEOUTS)
    why = ""
    for _ in range(TRIES):
        try:
            status = http.send(request).status_code
        except Exception as error:  # noqa: BLE001 - of many kinds; its URL is a secret, and stands in their texts
            why = type(error).__name__
            continue
        if status < 300:
            return
        why = str(status)
    raise StorageUnavailable(f"CloudFormation did not take the answer: {why}")
