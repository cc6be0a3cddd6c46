"""``python -m operations COMMAND --stage STAGE``: on a stage of your AWS account."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from infra.context import STAGES, Context, ContextError
from infra.pipeline_names import STAGES as PIPED
from infra.pipeline_names import PipelineOptions
from operations.account import Account
from operations.ask import Ask
from operations.commands import add_operations
from operations.deploy import Deploy, bootstrap
from operations.destroy import Destroy
from operations.errors import OperationError
from operations.explain import explain
from operations.pipeline import MakePipeline
from operations.progress import Progress
from operations.publish import publish
from operations.put_keys import variable
from operations.secrets import NAMES, Providers, PutSecrets
from operations.sign_in_keys import NAMES as SIGN_IN_NAMES
from operations.sign_in_keys import PutSignInKeys, hand_over, redirect_uri
from operations.stage import Stage
from veil.settings import SettingsError

ALL = (*NAMES, *SIGN_IN_NAMES)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; answer its exit status."""
    parsed = _parser().parse_args(arguments)
    try:
        return 1 if parsed.run(parsed) is False else 0
    except (OperationError, ContextError, SettingsError) as error:
        return _failed(str(error))
    except (BotoCoreError, ClientError) as error:
        return _failed(explain(error))
    except (KeyboardInterrupt, EOFError):
        return 130


def _failed(why: str) -> int:
    print(f"operations: {why}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m operations", description="Veil on a stage of your AWS account.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    booted = commands.add_parser("bootstrap", help="make what the CDK needs in an account and region, once")
    _add_place(booted)
    booted.set_defaults(run=lambda parsed: bootstrap(parsed.stage, _account(parsed)))

    deployed = commands.add_parser("deploy", help="deploy a stage, as stages/STAGE.toml says")
    _add_place(deployed)
    deployed.add_argument(
        "-c", "--context", action="append", default=[], metavar="NAME=VALUE", help="override a line of the stage's file"
    )
    deployed.add_argument("--own-model", action="store_true", help="the stage's GPU, which has a stack of its own")
    _add_yes(deployed)
    deployed.add_argument("more", nargs="*", metavar="-- …", help="arguments for cdk deploy")
    deployed.set_defaults(run=_deploy)

    published = commands.add_parser("publish", help="publish the web client that was built; deploy does it, too")
    _add_place(published)
    published.set_defaults(run=lambda parsed: publish(parsed.stage, _account(parsed)))

    put = commands.add_parser("secrets", help="put the providers' keys, each once it has worked at its provider")
    _add_place(put)
    put.add_argument("--only", action="append", choices=ALL, help="put a new one here, though the old one works")
    put.add_argument(
        "--file", type=_name_and_path, action="append", default=[], metavar="NAME=PATH",
        help=f"read a value from a file; else from {', '.join(map(variable, ALL))}; else it is asked for",
    )  # fmt: skip
    _add_yes(put, "store a key that its provider can't judge just now")
    put.set_defaults(run=_secrets)

    destroyed = commands.add_parser("destroy", help="delete a stage that is not prod, with all that is in it")
    _add_place(destroyed)
    _add_yes(destroyed, "delete it without asking")
    destroyed.set_defaults(run=lambda parsed: Destroy(parsed.stage, _account(parsed), Ask(parsed.yes), Progress())())

    piped = commands.add_parser("pipeline", help="make the roles that a GitHub repository's workflows take on")
    piped.add_argument(
        "--repository", required=True, metavar="OWNER/NAME", help="or OWNER@ID/NAME@ID (docs/guides/pipeline.md)"
    )
    piped.add_argument(
        "--environment", action="append", metavar="STAGE",
        help=f"a stage that is deployed to this account (default: {' and '.join(PIPED)})",
    )  # fmt: skip
    piped.add_argument("--region", default="ap-northeast-2", help="where the stack stands (default: %(default)s)")
    piped.add_argument("--existing-provider", action="store_true", help="the account has GitHub's identity provider")
    _add_yes(piped)
    piped.set_defaults(run=_pipeline)

    add_operations(commands, _add_place, lambda parsed: Stage.deployed(parsed.stage, _account(parsed)))
    return parser


def _add_place(command: argparse.ArgumentParser) -> None:
    command.add_argument("--stage", required=True, help="the stage of your AWS account")
    command.add_argument("--region", help="the stage's region (default: what its file says, or else ap-northeast-2)")
    command.add_argument(
        "--stages", type=Path, default=STAGES, metavar="FOLDER", help="where the stages' files are (default: stages/)"
    )


def _add_yes(
    command: argparse.ArgumentParser, what: str = "answer yes to all that is asked, as a pipeline must"
) -> None:
    command.add_argument("--yes", action="store_true", help=what)


def _deploy(parsed: argparse.Namespace) -> None:
    options = dict(map(_option, parsed.context)) | ({"region": parsed.region} if parsed.region else {})
    context = Context.of({"stage": parsed.stage, **options}, parsed.stages)
    dropped = [name for name, value in options.items() if value == ""]
    account, ask = Account(context.region), Ask(parsed.yes)
    Deploy(context, dropped, parsed.more, account, ask, own_model=parsed.own_model)()


def _pipeline(parsed: argparse.Namespace) -> None:
    options = PipelineOptions.of({
        "repository": parsed.repository,
        "region": parsed.region,
        "environments": tuple(parsed.environment or PIPED),
        "existing_provider": parsed.existing_provider,
    })  # fmt: skip
    MakePipeline(options, Account(options.region), Ask(parsed.yes))()


def _secrets(parsed: argparse.Namespace) -> bool:
    account, only = _account(parsed), tuple(parsed.only or ())
    how = {
        "stage": parsed.stage,
        "store": account.client("secretsmanager"),
        "ask": Ask(parsed.yes),
        "files": dict(parsed.file),
    }
    context = Context.of({"stage": parsed.stage}, parsed.stages)
    of_sign_in, others = (tuple(name for name in only if name in names) for names in (SIGN_IN_NAMES, NAMES))
    well = True
    if (context.identity_providers and not only) or of_sign_in:
        back, give = redirect_uri(parsed.stage, account), _to_the_pool(parsed.stage, account)
        well = PutSignInKeys(**how, only=of_sign_in, context=context, redirect_uri=back, hand_over=give).put_all()
        if account.template(parsed.stage) is None:
            print(f"\nnext: make deploy STAGE={parsed.stage}")
            return well
    if only and not others:
        return well
    return PutSecrets(**how, only=others, providers=Providers.of(Stage.deployed(parsed.stage, account)))() and well


def _to_the_pool(stage: str, account: Account) -> Callable[[str, str], None]:
    """What gives a provider's new key to the stage's user pool, where there is one."""

    def give(provider: str, value: str) -> None:
        pool = account.outputs(stage).get("UserPoolId") if account.template(stage) is not None else None
        if pool:
            hand_over(account.client("cognito-idp"), pool, provider, value)

    return give


def _name_and_path(text: str) -> tuple[str, Path]:
    name, equals, path = text.partition("=")
    if not (name in ALL and equals and path):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=PATH, with one of {', '.join(ALL)}")
    return name, Path(path).expanduser()


def _option(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or name == "stage":
        raise OperationError(f"-c takes name=value, and the stage is --stage: not {text!r}")
    return name, value


def _account(parsed: argparse.Namespace) -> Account:
    return Account(parsed.region or Context.of({"stage": parsed.stage}, parsed.stages).region)


if __name__ == "__main__":
    sys.exit(main())
