"""The machine: one, started anew when it ends, and ended at night."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from aws_cdk import ArnFormat, Duration, Stack
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3_assets as assets
from constructs import Construct

from infra.functions import METRICS_NAMESPACE
from infra.nag import accept
from infra.own_model.files import write
from infra.own_model.network import Network
from infra.own_model.pins import Pins
from infra.own_model.user_data import user_data
from infra.secret_names import SECRETS, name_of

INSTANCE = "g6.xlarge"  # one L4 with 24 GB, 4 processors, 16 GB of memory
# Amazon Linux 2023 with NVIDIA's driver, as AWS keeps it up to date: each new machine takes the newest.
IMAGE = "/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-amazon-linux-2023/latest/ami-id"
DRAIN_SECONDS = 120  # as long as spot gives; a machine that ends otherwise has as long
ZONE = "Asia/Seoul"


class Hours(NamedTuple):
    """From one full hour to another, in Seoul, each day."""

    start: int
    end: int


class Machine(Construct):
    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        stage: str,
        network: Network,
        spot: bool,
        hours: Hours | None,
        told: Mapping[str, str],
        service_arn: str,
        folder: Path,
    ) -> None:
        """``told``: the variables of its scripts; ``folder``: where its files are put together, anew."""
        super().__init__(scope, name)
        files = assets.Asset(self, "Files", path=str(write(folder)))
        self.role = self._role(stage, files, service_arn)
        template = ec2.LaunchTemplate(
            self,
            "Template",
            instance_type=ec2.InstanceType(INSTANCE),
            machine_image=ec2.MachineImage.resolve_ssm_parameter_at_launch(IMAGE),
            role=self.role,
            security_group=network.machine,
            associate_public_ip_address=True,
            user_data=user_data(files.s3_object_url, told),
            require_imdsv2=True,
            http_put_response_hop_limit=1,
            instance_metadata_tags=False,
            block_devices=[
                ec2.BlockDevice(
                    device_name="/dev/xvda",
                    volume=ec2.BlockDeviceVolume.ebs(
                        Pins.read().disk_gb, encrypted=True, volume_type=ec2.EbsDeviceVolumeType.GP3, throughput=250
                    ),
                )
            ],
            spot_options=ec2.LaunchTemplateSpotOptions(request_type=ec2.SpotRequestType.ONE_TIME) if spot else None,
        )
        self.group = autoscaling.AutoScalingGroup(
            self,
            "Group",
            vpc=network.vpc,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC),
            launch_template=template,
            min_capacity=0 if hours else 1,
            max_capacity=1,
            group_metrics=[autoscaling.GroupMetrics(autoscaling.GroupMetric.DESIRED_CAPACITY)],
            update_policy=autoscaling.UpdatePolicy.rolling_update(max_batch_size=1, min_instances_in_service=0),
        )
        # When the stack is deleted, a machine that ends still has to reach Cloud Map, to take itself off the list.
        for subnet in network.vpc.public_subnets:
            self.group.node.add_dependency(subnet.internet_connectivity_established)
        self.group.add_lifecycle_hook(
            "Drain",
            lifecycle_transition=autoscaling.LifecycleTransition.INSTANCE_TERMINATING,
            heartbeat_timeout=Duration.seconds(DRAIN_SECONDS),
            default_result=autoscaling.DefaultResult.CONTINUE,
        )
        if hours:
            self._schedule("Start", hours.start, 1)
            self._schedule("End", hours.end, 0)
        accept(
            self.group,
            "AwsSolutions-AS3",
            "One machine that comes and goes each day: its alarm tells when it is not there.",
        )

    def _schedule(self, name: str, hour: int, machines: int) -> None:
        self.group.scale_on_schedule(
            name,
            schedule=autoscaling.Schedule.cron(hour=str(hour % 24), minute="0"),
            time_zone=ZONE,
            min_capacity=machines,
            max_capacity=machines,
            desired_capacity=machines,
        )

    def _role(self, stage: str, files: assets.Asset, service_arn: str) -> iam.Role:
        """It reads its files and its token, registers itself, tells that it works, and lets people in by SSM."""
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
        stack = Stack.of(self)

        def allow(actions: list[str], resource: str, **conditions: Mapping[str, str]) -> None:
            role.add_to_policy(iam.PolicyStatement(actions=actions, resources=[resource], conditions=conditions))

        allow(["s3:GetObject"], files.bucket.arn_for_objects(files.s3_object_key))
        token = stack.format_arn(
            service="secretsmanager",
            resource="secret",
            resource_name=f"{name_of(stage, SECRETS['comfy_token_secret'])}-??????",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        allow(["secretsmanager:GetSecretValue"], token)
        allow(
            [
                "servicediscovery:RegisterInstance",
                "servicediscovery:DeregisterInstance",
                "servicediscovery:GetInstance",
            ],
            service_arn,
        )
        allow(["cloudwatch:PutMetricData"], "*", StringEquals={"cloudwatch:namespace": METRICS_NAMESPACE})
        allow(
            [
                "ssm:UpdateInstanceInformation",
                "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel",
            ],
            "*",
        )
        accept(role, "AwsSolutions-IAM5[Resource::*]", "Metrics and Session Manager's channels know no resources.")
        return role
