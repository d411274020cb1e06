"""Entry point of `python -m invitelab`, the same as the command `invitelab`."""

import sys

from invitelab.cli import main

if __name__ == "__main__":
    sys.exit(main())
