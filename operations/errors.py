"""The one expected failure of a command."""


class OperationError(Exception):
    """A command can't do what it is for; the message is for the person at the keyboard."""
