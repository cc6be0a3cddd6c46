"""The one expected failure of a command."""


class PipelineError(Exception):
    """A command can't do what it is for; the message is for whoever reads the run."""
