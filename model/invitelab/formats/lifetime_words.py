"""The words of the suite's clauses with another lifetime than two minutes."""

import re

SPECIFIED_MS = 120_000
_TIMES = re.compile(
    r"\b(?:two minutes|(?P<ms>120000)(?P<th>th)?(?= millisecond)"
    r"|(?P<s>119|121)(?= seconds))"
)


def with_lifetime(text: str, lifetime_ms: int) -> str:
    """A sentence of a clause, with its times as they are with that lifetime.

    The lifetime is in milliseconds, a whole number of seconds.
    """
    if lifetime_ms == SPECIFIED_MS:
        return text

    def other(found: re.Match[str]) -> str:
        if found["ms"]:
            return f"{lifetime_ms}{found['th'] or ''}"
        if found["s"]:
            return str(int(found["s"]) + (lifetime_ms - SPECIFIED_MS) // 1000)
        minutes, rest = divmod(lifetime_ms, 60_000)
        whole = minutes > 1 and not rest
        return f"{minutes} minutes" if whole else f"{lifetime_ms // 1000} seconds"

    return _TIMES.sub(other, text)
