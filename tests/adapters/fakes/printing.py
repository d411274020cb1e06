"""An adapter that uses stdin and stdout as if they were its own, and is served."""

import os
import subprocess
import sys
from collections.abc import Mapping

from invitelab.adapters.base import Json
from invitelab.adapters.servers.stdio import serve_stdio


class Printing:
    """Prints in every way there is."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Print, and read what is there to be read: nothing."""
        sys.stdout.write("by Python\n")
        sys.stdout.flush()
        os.write(1, b"by number\n")
        subprocess.run(["/bin/sh", "-c", "echo by a child; cat"], check=True)
        return {"method": method, "params": dict(params), "stdin": sys.stdin.read()}


if __name__ == "__main__":
    serve_stdio(Printing())
