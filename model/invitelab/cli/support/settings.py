"""Options from the environment and from a `pyproject.toml`.

The command line comes first, then `INVITELAB_CHECK_SEED`, `INVITELAB_SEED`, `seed` in
`[tool.invitelab.check]`, `seed` in `[tool.invitelab]`, and last the default of the
option. The file is the nearest one in the working folder or above with such a table.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

import click

from invitelab.errors import UsageError

FILE = "pyproject.toml"
TABLE = ("tool", "invitelab")
PREFIX = "INVITELAB"
HINT = "invitelab docs continuous-integration tells what may be there"

MOST_TOLD = 30
"""The most names that a mistake lists."""

Table = Mapping[str, object]
Keys = tuple[str, ...]


class Lines(click.types.StringParamType):
    """Texts with blanks: in a variable of the environment, one a line."""

    envvar_list_splitter = "\n"


LINES = Lines()


def option_name(option: click.Option) -> str:
    """The name of an option in a file: the long one without dashes, or a word."""
    long = [one[2:] for one in option.opts if one.startswith("--")]
    return long[-1] if long else str(option.name).replace("_", "-")


def name_variables(command: click.Command, words: tuple[str, ...] = ()) -> None:
    """Give every option of a command, and of those below it, its two variables."""
    for option in options_of(command).values():
        name = option_name(option).replace("-", "_").upper()
        path = "_".join(word.upper() for word in words)
        option.envvar = [
            *([f"{PREFIX}_{path}_{name}"] if path else []),
            f"{PREFIX}_{name}",
        ]
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            name_variables(below, (*words, name))


def options_of(command: click.Command) -> dict[str, click.Option]:
    """The options of a command by their names, without `--help` and `--version`."""
    found = [one for one in command.params if isinstance(one, click.Option)]
    return {option_name(one): one for one in found if not one.is_eager}


def variable_of(option: click.Parameter) -> str:
    """The variable that an option has been taken from."""
    names = option.envvar if isinstance(option.envvar, list) else []
    return next((name for name in names if os.environ.get(name)), PREFIX)


def read_settings(group: click.Group) -> dict[str, Any]:
    """The options in the nearest file, as click's map of defaults.

    Raises UsageError that shows every unknown key and every wrong value in its line.
    """
    found = _nearest()
    return {} if found is None else found.defaults(group)


def _nearest() -> "_File | None":
    """The nearest file with our table. Raises UsageError where one is no TOML."""
    for folder in (Path.cwd(), *Path.cwd().parents):
        path = folder / FILE
        try:
            content = path.read_bytes()
        except OSError:
            continue
        # Most files have no such table, and need no parser.
        if b"invitelab" in content:
            found = _File.read(path)
            if found is not None:
                return found
    return None


def file_place(words: Sequence[str], name: str) -> str:
    """Where the option of a command is in the nearest file: `pyproject.toml:3`."""
    from invitelab.inputs.toml_positions import places

    found = _nearest()
    assert found is not None, "an option was taken from it"
    where = places(found.text)
    for table in ((*TABLE, *words), TABLE):
        for key in (name, name.replace("-", "_")):
            place = where.get((*table, key))
            if place is not None:
                return f"{os.path.relpath(found.path)}:{place.line}"
    return os.path.relpath(found.path)


@dataclass(slots=True)
class _File:
    """The table in a file, and the mistakes that are found in it."""

    path: Path
    text: str
    table: Table
    mistakes: list[tuple[Keys, str, bool]]
    """Keys, a sentence, and whether it is about the key."""

    @classmethod
    def read(cls, path: Path) -> "_File | None":
        """The file; None without the table. Raises UsageError where it is no TOML."""
        import tomllib

        try:
            text = path.read_text(encoding="utf-8-sig")
            here: object = tomllib.loads(text)
        except ValueError as error:
            raise cls._no_toml(path) from error
        for key in TABLE:
            if not _is_table(here) or key not in here:
                return None
            here = here[key]
        found = cls(path, text, here if _is_table(here) else {}, [])
        if not _is_table(here):
            found.mistakes.append((TABLE, "has to be a table", False))
        return found

    @staticmethod
    def _no_toml(path: Path) -> UsageError:
        """The error that shows where it stops. Only that imports pydantic."""
        from invitelab.inputs.toml_errors import Mistake, parsed, read_text, refusal

        text = read_text(path, hint=HINT)
        found = parsed(text)
        assert isinstance(found, Mistake), "it was parsed before, and was none"
        return refusal(Path(os.path.relpath(path)), text, [found], hint=HINT)

    def defaults(self, group: click.Group) -> dict[str, Any]:
        """The map of defaults. Raises UsageError with all mistakes."""
        shared = {
            name: value
            for name, value in self.table.items()
            if _plain(name) not in group.commands
        }
        found = {
            name: self._of_command(command, self.table.get(name, {}), (*TABLE, name))
            for name, command in group.commands.items()
        }
        known: set[str] = set()
        for name, command in group.commands.items():
            known |= self._share(command, found[name], shared)
        self._unknown(shared, known, group)
        if self.mistakes:
            self._refuse()
        return found

    def _of_command(
        self, command: click.Command, table: object, keys: Keys
    ) -> dict[str, Any]:
        """The options of one command, and of those below it."""
        if not _is_table(table):
            self.mistakes.append((keys, "has to be a table", False))
            return {}
        known = options_of(command)
        below: Mapping[str, click.Command] = {}
        if isinstance(command, click.Group):
            below = command.commands
        found: dict[str, Any] = {
            name: self._of_command(one, table.get(name, {}), (*keys, name))
            for name, one in below.items()
        }
        for key, value in table.items():
            name = _plain(key)
            if name in below:
                continue
            if name not in known:
                self._is_no_key((*keys, key), [*known, *below])
                continue
            try:
                found[str(known[name].name)] = self._value(command, known[name], value)
            except ValueError as error:
                self.mistakes.append(((*keys, key), str(error), False))
        return found

    def _share(
        self, command: click.Command, found: dict[str, Any], shared: Table
    ) -> set[str]:
        """Add what is for every command that has it, and names those that fit."""
        fitting: set[str] = set()
        known = options_of(command)
        for key, value in shared.items():
            option = known.get(_plain(key))
            if option is None:
                continue
            try:
                fits = self._value(command, option, value)
            except ValueError as error:
                shown = ((*TABLE, key), str(error), False)
                self.mistakes.append(shown)
                continue
            found.setdefault(str(option.name), fits)
            fitting.add(key)
        if isinstance(command, click.Group):
            for name, below in command.commands.items():
                fitting |= self._share(below, found[name], shared)
        return fitting

    def _unknown(self, shared: Table, fitting: set[str], group: click.Group) -> None:
        """Note shared keys that no command has; forget what fits another command."""
        self.mistakes = [
            one
            for one in dict.fromkeys(self.mistakes)
            if not (len(one[0]) == len(TABLE) + 1 and one[0][-1] in fitting)
        ]
        noted = {keys for keys, _, _ in self.mistakes}
        names = sorted({*_all_options(group), *group.commands})
        for key in shared:
            if key not in fitting and (*TABLE, key) not in noted:
                self._is_no_key((*TABLE, key), names)

    def _is_no_key(self, keys: Keys, known: list[str]) -> None:
        from invitelab.inputs.validation import closest

        told = closest(keys[-1], known)
        if len(known) > MOST_TOLD:
            guess, _, _ = told.partition("known: ")
            told = f"{guess}invitelab COMMAND --help lists those of a command"
        sentence = f"is not an option: {told}"
        self.mistakes.append((keys, sentence, True))

    def _value(
        self, command: click.Command, option: click.Option, value: object
    ) -> object:
        """The value as click takes it. Raises ValueError with a sentence."""
        if option.is_flag:
            if not isinstance(value, bool):
                raise _ill_typed("true or false", value)
            return value
        values = value if option.multiple and _is_list(value) else [value]
        for one in values:
            if not _is_text_or_number(one):
                raise _ill_typed("a text or a number", one)
        texts = [self._placed(option, str(one)) for one in values]
        taken: object = texts if option.multiple else texts[0]
        try:
            option.type_cast_value(click.Context(command), taken)
        except click.BadParameter as error:
            raise ValueError(f"is wrong: {error.message.removesuffix('.')}") from error
        return taken

    def _placed(self, option: click.Option, text: str) -> str:
        """A path as seen from the working folder; in the file it is from the file's."""
        if isinstance(option.type, click.Path):
            return os.path.relpath(self.path.parent / text)
        return text

    def _refuse(self) -> None:
        """Raise UsageError with every mistake in its line."""
        from invitelab.inputs.toml_errors import Mistake, refusal
        from invitelab.inputs.toml_positions import places

        where = places(self.text)
        mistakes: list[Mistake] = []
        for keys, sentence, is_key in self.mistakes:
            place = where.get(keys)
            column = 0
            if place is not None:
                column = place.key_column if is_key else place.value_column
            line = place.line if place is not None else 0
            told = f"{'.'.join(keys)} {sentence}"
            mistakes.append(Mistake(sentence=told, line=line, column=column))
        raise refusal(Path(os.path.relpath(self.path)), self.text, mistakes, hint=HINT)


def _all_options(command: click.Command) -> Iterator[str]:
    yield from options_of(command)
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from _all_options(below)


def _plain(key: str) -> str:
    """A key as the option is written: underscores are dashes."""
    return key.replace("_", "-")


def _ill_typed(wanted: str, value: object) -> ValueError:
    from invitelab.inputs.validation import shown

    return ValueError(f"has to be {wanted}, not {shown(value)}")


def _is_text_or_number(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _is_table(value: object) -> TypeGuard[Table]:
    return isinstance(value, dict)
