"""Names that no two clients give alike: numbers written in the moon's eight phases."""

MOONS = "🌑🌒🌓🌔🌕🌖🌗🌘"


def moons(number: int) -> str:
    """Write a number that is not negative, to the base of eight."""
    return "".join(MOONS[int(digit)] for digit in f"{number:o}")


class Names:
    """Names of one client: its place in the scenario keeps them from all others."""

    def __init__(self, place: int) -> None:
        self._place = place
        self._count = 0

    def sent(self) -> str:
        """Name an invitation that the client sent: a number like any other."""
        return str(self._place * 1_000_000 + self._next())

    def received(self) -> str:
        """Name an invitation that the client received."""
        return f"{moons(self._place)}💌{moons(self._next())}"

    def session(self) -> str:
        """Name a session."""
        return f"{moons(self._place)}🖥{moons(self._next())}"

    def _next(self) -> int:
        self._count += 1
        return self._count
