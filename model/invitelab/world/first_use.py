"""Tables that are made when they are first used.

A world may have met a million clients, most of which have only been invited once: their
empty dictionaries took a third of their memory.
"""

from typing import TYPE_CHECKING, Any, ClassVar


class MadeOnFirstUse:
    """The base of a class whose named slots begin empty when they are first used.

    A class gives the type of each, as in `class Inbox(MadeOnFirstUse, messages=list)`.
    """

    __slots__ = ()

    _tables: ClassVar[dict[str, type[Any]]] = {}

    def __init_subclass__(cls, **tables: type[Any]) -> None:
        """Add the tables of a class to those of its base."""
        cls._tables = {**cls._tables, **tables}

    if not TYPE_CHECKING:  # for a checker every slot has its declared type

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as declared
            """Make a table; called only while the slot is empty."""
            make = self._tables.get(name)
            if make is None:
                msg = f"{type(self).__name__} has no attribute {name!r}"
                raise AttributeError(msg)
            table = make()
            setattr(self, name, table)
            return table
