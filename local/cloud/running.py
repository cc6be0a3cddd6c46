"""A local cloud that runs, as ``.local/cloud.json`` describes it."""

from functools import partial
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from local.cloud.access import AwsAccess
from local.processes import ROOT, LocalError
from operations.access import Access
from operations.site import Site
from operations.stage import Stage
from veil.adapters.aws.client import CONFIG

STATE = ROOT / ".local"


class RunningCloud(BaseModel):
    """Its addresses and the names of what was deployed. ``web_url``: the edge, where a browser goes; ``api_url``: the
    API's own host, which apps and providers may call.
    """

    model_config = ConfigDict(frozen=True)

    web_url: str
    api_url: str
    token_url: str
    providers_url: str
    aws: AwsAccess
    table: str
    bucket: str
    functions: dict[str, str]
    site: Site
    detour_url: str | None = None  # of microburst, when the functions reach AWS through it

    @classmethod
    def read(cls, state: Path = STATE) -> Self:
        """The one that runs now; raise `LocalError` if none does."""
        try:
            return cls.model_validate_json((state / "cloud.json").read_text())
        except FileNotFoundError:
            raise LocalError("no local cloud runs here; start one with: make up") from None

    def write(self, state: Path) -> Path:
        """Describe it in ``state/cloud.json``, which appears whole or not at all."""
        file, part = state / "cloud.json", state / "cloud.json.part"
        part.write_text(self.model_dump_json(indent=2) + "\n")
        part.chmod(0o600)
        return part.replace(file)

    @property
    def stage(self) -> Stage:
        """It, as the operations reach a deployment."""
        client, access = partial(self.client, config=CONFIG), Access(token_url=self.token_url)
        return Stage(client, self.table, self.bucket, self.functions, self.api_url, access)

    @property
    def window_url(self) -> str:
        """Where the stand-in of Toss is told that somebody paid."""
        return f"{self.providers_url}/_control/toss/pay"

    def function(self, name: str) -> str:
        """A function's name in the local AWS; raise `LocalError` if there is none of this name."""
        try:
            return self.functions[name]
        except KeyError:
            raise LocalError(f"there is no function {name!r}; there are {', '.join(self.functions)}") from None

    def client(self, service: str, **options: Any) -> Any:
        """A boto3 client of the local AWS, as its root user."""
        return self.aws.client(service, **options)
