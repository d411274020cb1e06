"""What can be chosen on the command line."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

LONGEST_LATENCY_MS = 50


class Mistake(StrEnum):
    """A deliberate fault; each breaks one idea."""

    POPUP_TOP_RIGHT = "popup-top-right"
    LOCK_FORGOTTEN = "lock-forgotten"
    SECOND_ACCEPT_STARTS_AGAIN = "second-accept-starts-again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """How this run behaves where the protocol leaves a choice, and what it breaks."""

    stale_is_ok: bool
    latency_ms: int
    mistakes: frozenset[Mistake]


def _latency_ms(text: str) -> int:
    latency_ms = int(text)
    if not 0 <= latency_ms <= LONGEST_LATENCY_MS:
        raise argparse.ArgumentTypeError(f"not in 0..{LONGEST_LATENCY_MS}: {text}")
    return latency_ms


def parse_switches(arguments: Sequence[str]) -> Switches:
    """Understand the command line, or say on stderr why not and exit with 2."""
    parser = argparse.ArgumentParser(prog="main.py", allow_abbrev=False)
    parser.add_argument("--stale", choices=("ok", "refused"), default="refused")
    parser.add_argument("--latency-ms", type=_latency_ms, default=5, metavar="MS")
    parser.add_argument(
        "--break",
        dest="mistakes",
        action="append",
        default=[],
        choices=[mistake.value for mistake in Mistake],
    )
    parsed = parser.parse_args(arguments)
    return Switches(
        stale_is_ok=parsed.stale == "ok",
        latency_ms=parsed.latency_ms,
        mistakes=frozenset(map(Mistake, parsed.mistakes)),
    )
