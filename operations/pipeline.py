"""Make the roles that a GitHub repository's workflows take on in an account: what would fail is said before the CDK."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from infra.pipeline_names import AUDITS, ISSUER, PipelineOptions, role_output
from operations import cdk
from operations.account import Account
from operations.ask import Ask
from operations.errors import OperationError

PROVIDER = "AWS::IAM::OIDCProvider"
OUT = ".build/pipeline"  # beside the stages' cdk.out, which stays what it is


@dataclass(frozen=True)
class MakePipeline:
    """A second run changes what has changed: the repository, its environments, what they may do."""

    options: PipelineOptions
    account: Account
    ask: Ask
    run: Callable[..., None] = cdk.run
    say: Callable[[str], None] = print

    def __call__(self) -> None:
        """Raises `OperationError`."""
        stages = " and ".join(self.options.environments)
        self.say(f"veil-pipeline in account {self.account.number}, {self.account.region}")
        if not self.account.bootstrapped:
            raise OperationError(
                f"the CDK has no bucket and no roles in {self.account.region} yet: type "
                f"'make bootstrap STAGE={self.options.environments[0]}'"
            )
        self._hold_provider()
        self.ask.agree(f"Workflows of {self.options.repository} will deploy {stages} here. Let them?")
        context = [part for name, value in self.options.context().items() for part in ("--context", f"{name}={value}")]
        app = ("--app", "python3 -m infra.pipeline", "--output", OUT)
        approval = ["--require-approval=never"] if self.ask.yes else []
        self.run("deploy", *app, *context, *approval)
        for line in self._next(self.account.outputs("pipeline")):
            self.say(line)

    def _hold_provider(self) -> None:
        """An account has one provider for GitHub: the stack makes it, or finds it."""
        listed = self.account.client("iam").list_open_id_connect_providers()["OpenIDConnectProviderList"]
        there = any(each["Arn"].endswith(f":oidc-provider/{ISSUER}") for each in listed)
        if self.options.existing_provider and not there:
            raise OperationError(f"this account has no identity provider {ISSUER}: leave --existing-provider out")
        if there and not self.options.existing_provider and not self._is_ours(self.account.template("pipeline")):
            raise OperationError(
                f"this account has an identity provider {ISSUER} from elsewhere, and can have but one: add "
                "--existing-provider (make pipeline ARGS=--existing-provider)"
            )

    @staticmethod
    def _is_ours(template: Mapping[str, Any] | None) -> bool:
        resources = (template or {}).get("Resources", {})
        return any(resource["Type"] == PROVIDER for resource in resources.values())

    def _next(self, outputs: Mapping[str, str]) -> Iterator[str]:
        yield "\nnext: in the repository's settings, the variables of each environment (docs/guides/pipeline.md):"
        for stage in self.options.environments:
            yield f"  {stage}: AWS_ROLE = {outputs[role_output(stage)]}, AWS_REGION = {self.account.region}"
        reads = outputs[role_output(AUDITS)]
        roles = ", ".join(f"AWS_ROLE_{stage.upper()} = {reads}" for stage in self.options.environments)
        yield f"  {AUDITS}: {roles}, AWS_REGION = {self.account.region}"
