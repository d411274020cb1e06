#!/usr/bin/env python3
"""The invitation flow as asyncio actors, called by lines on stdin and stdout."""

import asyncio
import sys

from peers.adapter import Adapter
from peers.lines import Output, read_lines
from peers.switches import Switches, parse_switches

STDIN, STDOUT = 0, 1
INTERRUPT_STATUS = 130


async def serve(switches: Switches) -> None:
    """Answer lines until the input ends; a fault in any actor ends the process."""
    output = Output(STDOUT)
    async with asyncio.TaskGroup() as actors:
        adapter = Adapter(actors, output.write_line, switches)
        await read_lines(STDIN, adapter.receive)
        await adapter.finish()
    await output.drain()


def main() -> int:
    """Give the exit status: 0 at the end of the input, 2 for an unknown switch."""
    switches = parse_switches(sys.argv[1:])
    try:
        asyncio.run(serve(switches))
    except KeyboardInterrupt:
        return INTERRUPT_STATUS
    return 0


if __name__ == "__main__":
    sys.exit(main())
