"""The role that a person takes on to audit a stage: nobody else may look at what is stored."""

from collections.abc import Sequence

from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.nag import accept_objects


class Auditor(Construct):
    """Any identity of the account may take it on whose own policy says so. It reads ``objects``, and lists none."""

    def __init__(self, scope: Construct, name: str, *, objects: Sequence[str]) -> None:
        super().__init__(scope, name)
        self.role = iam.Role(self, "Role", assumed_by=iam.AccountRootPrincipal())
        self.role.add_to_policy(iam.PolicyStatement(actions=["s3:GetObject"], resources=list(objects)))
        for each in objects:
            accept_objects(self.role, each, "The audit looks at every object that is stored.")
        self.role_arn = self.role.role_arn
