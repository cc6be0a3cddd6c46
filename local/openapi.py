"""``python -m local openapi``: write the API's OpenAPI document from the code."""

import importlib.util
import os
from pathlib import Path
from unittest.mock import patch

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from infra.function_table import FUNCTIONS
from local.processes import ROOT
from veil.api.openapi.document import document, rendered
from veil.api.routes import ROUTES

# A handler reads its settings as it is imported; nothing that they say is in the document.
ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "ap-northeast-2",
    "POWERTOOLS_SERVICE_NAME": "openapi",
    "POWERTOOLS_METRICS_NAMESPACE": "Veil",
    **{
        name.upper(): "https://veil.invalid" if name.endswith("_url") else "veil-openapi"
        for spec in FUNCTIONS.values()
        for name, field in spec.settings.model_fields.items()
        if field.is_required()
    },
}


def write(file: Path) -> None:
    """Write the document to ``file``. The handlers are imported here: once a process."""
    with patch.dict(os.environ, ENVIRONMENT, clear=True):
        apps = [_app(function) for function in sorted({route.function for route in ROUTES})]
    file.write_text(rendered(document(apps)), encoding="utf-8")


def _app(function: str) -> APIGatewayHttpResolver:
    """A function's resolver, from its handler as it is deployed."""
    spec = importlib.util.spec_from_file_location(f"openapi_{function}", ROOT / "functions" / function / "handler.py")
    assert spec  # noqa: S101
    assert spec.loader  # noqa: S101
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    app: APIGatewayHttpResolver = module.app
    return app
