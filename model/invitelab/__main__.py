"""Entry point of `python -m invitelab` and of the command `invitelab`."""

import sys


def main() -> int:
    """Run the command line; the exit code.

    It is imported here, as every worker process imports this module as well.
    """
    from invitelab.cli import main as run  # noqa: PLC0415 - see above

    return run()


if __name__ == "__main__":
    sys.exit(main())
