"""Bootstrap an account, deploy a stage: what can be known beforehand is said before the CDK starts."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.context import Context
from operations import cdk, web
from operations.account import Account
from operations.ask import Ask
from operations.changes import taken_away
from operations.errors import OperationError
from operations.publish import publish
from operations.sign_in_keys import missing


@dataclass(frozen=True)
class Deploy:
    """``dropped``: options that the stage's file has and this deployment has not; ``more``: arguments for the CDK;
    ``own_model``: deploy the stage's GPU, which has a stack of its own, and not the stage.
    """

    context: Context
    dropped: Sequence[str]
    more: Sequence[str]
    account: Account
    ask: Ask
    run: Callable[..., None] = cdk.run
    build: Callable[[], None] = web.build
    publish: Callable[[str, Account], None] = publish
    say: Callable[[str], None] = print
    own_model: bool = False

    def __call__(self) -> None:
        """Raises `OperationError`, and `ContextError` for an option that is wrong."""
        self.context.overrides()
        stage, how = self.context.stage, self._how()
        self.say(f"veil-{stage} in account {self.account.number}, {self.account.region}")
        if not self.account.bootstrapped:
            raise OperationError(
                f"the CDK has no bucket and no roles in {self.account.region} yet: type 'make bootstrap STAGE={stage}'"
            )
        if self.context.identity_providers and (lost := missing(self.context, self.account.client("secretsmanager"))):
            raise OperationError(f"{', '.join(lost)}: not there yet. Type 'make secrets STAGE={stage}' first")
        if self.own_model:
            self._deploy_own_model(how)
            return
        template = self.account.template(stage)
        for loss in [] if template is None else taken_away(template, self.context):
            self.ask.agree(f"{loss} Deploy all the same?")
        if template is None:
            self.ask.agree(f"veil-{stage} is not there yet. Make it?")
        self.build()
        self.run("deploy", f"veil-{stage}", *how)
        self.publish(stage, self.account)
        self.say(f"\nnext: make secrets STAGE={stage}   puts the providers' keys, each once it has worked there")

    def _deploy_own_model(self, how: Sequence[str]) -> None:
        stage = self.context.stage
        if self.context.own_model is None:
            raise OperationError(f"stages/{stage}.toml has no own_model: 'spot' or 'on-demand'")
        if self.account.template(stage) is None:
            raise OperationError(f"veil-{stage} is not there yet: deploy the stage first")
        self.run("deploy", f"veil-{stage}-own-model", *how)
        self.say(
            f"\nnext: comfy_url = the address ComfyUrl, in stages/{stage}.toml, and a model of comfy first in MODELS\n"
            f"      make deploy STAGE={stage} && make secrets STAGE={stage}"
        )

    def _how(self) -> list[str]:
        if not (self.ask.yes or self.ask.terminal()):
            raise OperationError("the CDK asks before it changes rights, and there is no terminal: add --yes")
        told = dict.fromkeys(self.dropped, "") | self.context.model_dump(exclude_unset=True)
        told |= {"stage": self.context.stage, "settings": json.dumps(self.context.settings)}
        context = [part for name, value in told.items() for part in ("--context", f"{name}={value}")]
        return [*context, *(["--require-approval=never"] if self.ask.yes else []), *self.more]


def bootstrap(stage: str, account: Account, run: Callable[..., None] = cdk.run) -> None:
    """Make what the CDK needs in the account and the region of a stage; harmless where it is there."""
    with TemporaryDirectory() as elsewhere:  # beside cdk.json it would synthesize the app first
        run("bootstrap", f"aws://{account.number}/{account.region}", folder=Path(elsewhere))
    print(f"\nnext: make deploy STAGE={stage}")
