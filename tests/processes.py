"""What became of a process."""

from pathlib import Path


def gone(pid: int) -> bool:
    """Whether it has ended, even if nobody has asked how."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return True
    return status.rpartition(")")[2].split()[0] == "Z"
