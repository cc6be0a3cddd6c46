"""The machine's first minute: who it is, its files, and their installer."""

from collections.abc import Mapping

from aws_cdk import aws_ec2 as ec2

FOLDER, ENVIRONMENT = "/opt/veil/files", "/etc/veil/machine.env"
ADDRESS = """\
token=$(curl -fsS -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token)
host=$(curl -fsS -H "X-aws-ec2-metadata-token: $token" http://169.254.169.254/latest/meta-data/local-ipv4)"""


def user_data(files_url: str, told: Mapping[str, str]) -> ec2.UserData:
    """Fetch the files at ``files_url`` (``s3://…``) and install what they say. ``told`` are the variables of the
    machine's scripts; beside them they find ``HOST``, its address.
    """
    made = ec2.UserData.for_linux(shebang="#!/usr/bin/env bash")
    lines = "\n".join(f"{name}={value}" for name, value in told.items())
    made.add_commands(
        "set -euo pipefail",
        *ADDRESS.splitlines(),
        "mkdir -p /etc/veil",
        f"cat > {ENVIRONMENT} <<END\n{lines}\nHOST=$host\nEND",
        "dnf install --quiet --assumeyes unzip",
        f"mkdir -p {FOLDER}",
        f"aws s3 cp --quiet '{files_url}' /opt/veil/files.zip --region '{told['REGION']}'",
        f"unzip -q -o /opt/veil/files.zip -d {FOLDER}",
        f"bash {FOLDER}/install.sh",
    )
    return made
