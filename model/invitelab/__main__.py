"""`python -m invitelab` is the command `invitelab`."""

from invitelab.cli import main

if __name__ == "__main__":
    main()
