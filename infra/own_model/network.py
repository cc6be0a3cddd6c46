"""Where the machine stands: a network of its own, into which nothing leads but the link from the API."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs
from constructs import Construct

PORT = 8189  # of the proxy, which is all that listens
HTTPS = 443


class Network(Construct):
    """Public subnets without a NAT gateway: the machine has an address of its own to fetch packages and weights from,
    and no rule lets anybody in by it.
    """

    def __init__(self, scope: Construct, name: str, *, log_retention: logs.RetentionDays) -> None:
        super().__init__(scope, name)
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            max_azs=2,
            nat_gateways=0,
            restrict_default_security_group=False,  # nothing is in that group; the rest is a custom resource's work
            subnet_configuration=[
                ec2.SubnetConfiguration(name="machine", subnet_type=ec2.SubnetType.PUBLIC, cidr_mask=26)
            ],
        )
        log = logs.LogGroup(self, "Flows", retention=log_retention, removal_policy=RemovalPolicy.DESTROY)
        self.vpc.add_flow_log(
            "Refused",
            destination=ec2.FlowLogDestination.to_cloud_watch_logs(log),
            traffic_type=ec2.FlowLogTrafficType.REJECT,
        )
        self.link = ec2.SecurityGroup(
            self, "Link", vpc=self.vpc, allow_all_outbound=False, description="The link from the API to the machine"
        )
        self.machine = ec2.SecurityGroup(
            self, "Machine", vpc=self.vpc, allow_all_outbound=False, description="The machine that makes images"
        )
        self.machine.add_ingress_rule(self.link, ec2.Port.tcp(PORT), "The proxy")
        self.link.add_egress_rule(self.machine, ec2.Port.tcp(PORT), "The proxy")
        self.machine.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(HTTPS), "AWS, packages and weights")
