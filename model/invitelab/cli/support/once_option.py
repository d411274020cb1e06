"""An option that is given once: click would take the last of several in silence."""

from collections.abc import Mapping
from typing import Any

import click
from click.core import ParameterSource


class OnceOption(click.Option):
    """An option with one value, which may not be repeated on the command line."""

    def add_to_parser(self, parser: Any, ctx: click.Context) -> None:  # noqa: ANN401, ARG002 - click's
        """Have the parser collect the values."""
        parser.add_option(
            obj=self, opts=self.opts, dest=self.name, action="append", nargs=1
        )

    def consume_value(
        self, ctx: click.Context, opts: Mapping[str, Any]
    ) -> tuple[Any, ParameterSource]:
        """The value and its source. Raises click.UsageError where there are several."""
        given: list[Any] = opts.get(self.name or "") or []
        if given:
            first, *others = given
            if others:
                msg = f"{self.opts[0]} is given {len(others) + 1} times, and takes one"
                raise click.UsageError(msg, ctx)
            opts = {**opts, self.name or "": first}
        return super().consume_value(ctx, opts)
