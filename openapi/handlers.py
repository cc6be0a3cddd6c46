"""The HTTP functions' resolvers, from the handlers as they are deployed."""

import importlib.util
import os
from pathlib import Path
from unittest.mock import patch

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from veil.api.routes import ROUTES
from veil.settings import FUNCTIONS

FOLDER = Path(__file__).parent.parent / "functions"
# A handler reads its settings when it is imported; none of them is in the document.
ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "ap-northeast-2",
    "POWERTOOLS_SERVICE_NAME": "openapi",
    "POWERTOOLS_METRICS_NAMESPACE": "Veil",
    **{
        name.upper(): "https://veil.invalid" if name.endswith("_url") else "veil-openapi"
        for model in FUNCTIONS.values()
        for name, field in model.model_fields.items()
        if field.is_required()
    },
}


def resolvers() -> list[APIGatewayHttpResolver]:
    """Every HTTP function's resolver. The handlers are imported here, with settings that lead nowhere."""
    with patch.dict(os.environ, ENVIRONMENT, clear=True):
        return [_resolver(function) for function in sorted({route.function for route in ROUTES})]


def _resolver(function: str) -> APIGatewayHttpResolver:
    spec = importlib.util.spec_from_file_location(f"openapi_{function}", FOLDER / function / "handler.py")
    assert spec  # noqa: S101
    assert spec.loader  # noqa: S101
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    resolver: APIGatewayHttpResolver = module.app
    return resolver
