"""The one table of functions: what each is given and what it may do. Plain data: nothing here imports the CDK.

The stack is built from it, and so is everything else that goes through the functions. `tests/infra/allowed.py`
repeats the rights on purpose, as a second entry that the first is held against.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from infra.times import (
    API_FUNCTION_SECONDS,
    CHARGER_SECONDS,
    ERASER_SECONDS,
    KEYS_SECONDS,
    NOTIFY_SECONDS,
    POLL_SECONDS,
)
from veil.settings import (
    CheckSettings,
    GallerySettings,
    GenerationsSettings,
    PollSettings,
    StageSettings,
    SweeperSettings,
    UploadsSettings,
    WebhookSettings,
)
from veil.settings.eraser import EraserSettings
from veil.settings.keys import KeysSettings
from veil.settings.notify import NotifySettings
from veil.settings.payments import ChargerSettings, PaymentsSettings

# By what waits in it: work of the charger, the eraser and the poll; what `notify` is to tell, and to post.
type QueueName = Literal["money", "erasures", "events", "deliveries", "polls"]


@dataclass(frozen=True, kw_only=True)
class FunctionSpec:
    """One function. It also may write its own log.

    Actions are IAM's, without the service: ``GetItem`` in ``table`` is ``dynamodb:GetItem``.
    """

    settings: type[StageSettings]
    memory_mb: int  # the CPU grows with it: a whole one at 1769 MB
    timeout_seconds: int = API_FUNCTION_SECONDS
    # Whether Lambda lets it go on that its own messages invoke it again and again: else it drops the 17th of a chain.
    loops: bool = False
    packages: tuple[str, ...] = ()  # third-party layers, beside the core one
    table: tuple[str, ...]  # DynamoDB actions on the table
    work_index: tuple[str, ...] = ()  # DynamoDB actions on the work index
    objects: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # S3 actions on the bucket's objects, by prefix
    listed: tuple[str, ...] = ()  # prefixes whose objects it may list
    versions_listed: tuple[str, ...] = ()  # prefixes whose objects it may list, in all their versions
    sends: tuple[QueueName, ...] = ()  # the queues that it may send to
    event_bus: tuple[str, ...] = ()  # EventBridge actions on the stage's bus
    users: tuple[str, ...] = ()  # Cognito actions on the stack's own user pool, where it has one
    money_key: tuple[str, ...] = ()  # KMS actions with the key that billing keys are sealed with
    rekognition: tuple[str, ...] = ()  # Rekognition's actions, which know no resources
    distribution: tuple[str, ...] = ()  # CloudFront actions on the edge
    public_keys: tuple[str, ...] = ()  # CloudFront actions on public keys and their groups, which know no resources
    secrets: tuple[str, ...] = ("GetSecretValue",)  # Secrets Manager actions on the secrets that its settings name

    @property
    def reads_images(self) -> bool:
        """Whether the bucket's policy has to let it."""
        return "GetObject" in self.objects.get("results", ())

    @property
    def layers(self) -> tuple[str, ...]:
        """The names of all its layers."""
        return ("shared", "core", *self.packages)


FUNCTIONS: Mapping[str, FunctionSpec] = {
    "uploads": FunctionSpec(
        settings=UploadsSettings,
        memory_mb=512,
        packages=("providers",),
        table=("GetItem", "PutItem", "UpdateItem"),
        objects={"incoming": ("PutObject",)},
    ),
    "check": FunctionSpec(
        settings=CheckSettings,
        memory_mb=1769,
        timeout_seconds=60,
        packages=("photos",),
        table=("GetItem", "UpdateItem"),
        objects={"incoming": ("GetObject", "DeleteObject"), "inputs": ("GetObject", "PutObject", "DeleteObject")},
        # S3 answers 403 for a missing object to whom may not list it: a repeated message would look like a defect.
        listed=("incoming",),
    ),
    "generations": FunctionSpec(
        settings=GenerationsSettings,
        memory_mb=1024,
        packages=("providers", "signing"),
        table=("GetItem", "BatchGetItem", "ConditionCheckItem", "PutItem", "UpdateItem"),
        objects={"inputs": ("GetObject",)},  # a presigned URL may do what its signer may
        sends=("events", "polls"),
    ),
    "webhook": FunctionSpec(
        settings=WebhookSettings,
        memory_mb=512,  # it mostly waits for I/O, and no user waits for it
        packages=("providers",),
        table=("GetItem", "PutItem", "UpdateItem"),
        objects={"results": ("GetObject", "PutObject"), "inputs": ("GetObject",)},
        rekognition=("CompareFaces",),
        sends=("events", "polls"),
    ),
    "poll": FunctionSpec(
        settings=PollSettings,
        memory_mb=512,
        timeout_seconds=POLL_SECONDS,
        loops=True,  # it looks every few seconds until an attempt has ended or is overdue: `veil.use_cases.poll`
        packages=("providers",),
        table=("GetItem", "PutItem", "UpdateItem"),
        objects={"results": ("GetObject", "PutObject"), "inputs": ("GetObject",)},
        rekognition=("CompareFaces",),
        sends=("events", "polls"),
    ),
    "sweeper": FunctionSpec(
        settings=SweeperSettings,
        memory_mb=512,
        timeout_seconds=180,
        packages=("providers",),
        table=("GetItem", "PutItem", "UpdateItem"),
        work_index=("Query",),
        objects={"results": ("GetObject", "PutObject", "DeleteObject"), "inputs": ("GetObject",)},
        rekognition=("CompareFaces",),
        sends=("money", "erasures", "events", "polls"),
        distribution=("CreateInvalidation",),
    ),
    "payments": FunctionSpec(
        settings=PaymentsSettings,
        memory_mb=512,
        packages=("providers",),
        table=("GetItem", "ConditionCheckItem", "Query", "PutItem", "UpdateItem"),
        sends=("money", "events"),
        money_key=("Encrypt",),
    ),
    "charger": FunctionSpec(
        settings=ChargerSettings,
        memory_mb=512,
        timeout_seconds=CHARGER_SECONDS,
        packages=("providers",),
        table=("GetItem", "PutItem", "UpdateItem"),
        sends=("money", "events"),
        money_key=("Encrypt", "Decrypt"),
    ),
    "gallery": FunctionSpec(
        settings=GallerySettings,
        memory_mb=512,
        packages=("signing",),
        table=("GetItem", "ConditionCheckItem", "Query", "PutItem", "UpdateItem", "DeleteItem"),
        objects={"results": ("DeleteObject",)},
        sends=("erasures",),
        distribution=("CreateInvalidation",),
    ),
    "eraser": FunctionSpec(
        settings=EraserSettings,
        memory_mb=512,
        timeout_seconds=ERASER_SECONDS,
        packages=("providers",),
        table=("GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"),
        objects=dict.fromkeys(("incoming", "inputs", "results"), ("DeleteObject", "DeleteObjectVersion")),
        versions_listed=("incoming", "inputs", "results"),
        users=("AdminDeleteUser", "AdminGetUser"),
        sends=("events",),
        distribution=("CreateInvalidation",),
    ),
    "notify": FunctionSpec(
        settings=NotifySettings,
        memory_mb=512,  # it mostly waits for I/O, and no user waits for it
        timeout_seconds=NOTIFY_SECONDS,
        packages=("providers",),
        table=("GetItem", "UpdateItem", "DeleteItem"),
        sends=("deliveries",),
        event_bus=("PutEvents",),
    ),
    "keys": FunctionSpec(
        settings=KeysSettings,
        memory_mb=512,
        timeout_seconds=KEYS_SECONDS,
        packages=("signing",),
        table=(),
        public_keys=(
            "CreatePublicKey",
            "DeletePublicKey",
            "GetPublicKey",
            "ListPublicKeys",
            "CreateKeyGroup",
            "DeleteKeyGroup",
            "GetKeyGroup",
            "ListKeyGroups",
            "UpdateKeyGroup",
        ),
        secrets=("PutSecretValue",),
    ),
}
