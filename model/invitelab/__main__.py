"""`python -m invitelab` is the command `invitelab`."""

import sys

from invitelab.cli import main

if __name__ == "__main__":
    sys.exit(main())
