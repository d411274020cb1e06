"""An alphabet: who takes part, and what may happen, as a TOML file.

    says = "Ada invites Bob, who answers"

    [people.Ada]
    [people.Bob]
    version = "7.1.4"

    [inputs]
    send = "Ada invites Bob"
    accept = "Bob accepts the invitation from Ada"
    half = "60 seconds pass"

The files that ship are in `alphabets/`; a user's own is named by its path.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from invitelab.adapters.handshake import Capability
from invitelab.conformance.execution.scenario_state import lifetime_ms
from invitelab.conformance.factors.cast import Cast
from invitelab.conformance.features.people import LISTS, Person, built_in_profiles
from invitelab.conformance.features.steps.phrases import NAME
from invitelab.errors import UsageError
from invitelab.inputs.part import Part
from invitelab.inputs.toml_errors import Mistake
from invitelab.inputs.toml_models import as_list, as_table, read_model
from invitelab.inputs.toml_positions import KeyPath
from invitelab.inputs.validation import closest, shown
from invitelab.learning.answers import MOST_INPUTS
from invitelab.learning.operations import (
    Change,
    Edit,
    Invite,
    Operation,
    Permit,
    Until,
    Wait,
    people_of,
)
from invitelab.learning.sentences import EXAMPLES, operation_of
from invitelab.protocol.values import Permission

FOLDER: Final = Path(__file__).parent / "alphabets"
HINT = "docs/what-a-bound-means.md explains the keys of an alphabet"
MOST_PEOPLE = 5
MOST_WAIT_MS = 86_400_000
PLAIN_VERSION = "7.1.4"

_INPUT = re.compile(r"[a-z][a-z0-9 .-]{0,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One input: its name, its sentence, and what it does."""

    name: str
    words: str
    operation: Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """The client of a participant."""

    version: str = PLAIN_VERSION
    platform: str = "windows"
    portable: bool = False
    online: bool = True
    contacts: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict[str, tuple[str, ...]]
    )
    locked: Mapping[str, bool] = field(default_factory=dict[str, bool])


@dataclass(frozen=True, slots=True, kw_only=True)
class Alphabet:
    """Who takes part, and what may happen."""

    name: str
    says: str
    file: str | None
    clients: Mapping[str, Client]
    inputs: tuple[Input, ...]

    def names(self, word: "tuple[int, ...]") -> tuple[str, ...]:
        """The names of inputs."""
        return tuple(self.inputs[letter].name for letter in word)

    def needs(self, people: Mapping[str, Person]) -> dict[Capability, str]:
        """What a target has to be able to, each with the name that needs it."""
        found: dict[Capability, str] = {Capability.DIRECT: self.name}
        for name, person in people.items():
            for capability in person.required_capabilities():
                found.setdefault(capability, f"{name}'s client")
        for one in self.inputs:
            for capability in one.operation.needs:
                found.setdefault(capability, one.name)
        return found

    def people(self, seed: int, *, aliases: bool = True) -> dict[str, Person]:
        """The participants with identities that are drawn from the seed."""
        cast = Cast(f"learn {self.name}", seed=seed)
        found: dict[str, Person] = {}
        for name, client in self.clients.items():
            drawn = cast.identity(name)
            found[name] = Person(
                name=name,
                token=cast.token("c"),
                id=drawn.id,
                alias=drawn.alias if aliases and not client.portable else None,
                version=client.version,
                platform=client.platform,
                online=client.online,
                locked=dict(client.locked),
            )
        for name, client in self.clients.items():
            found[name].contacts = {
                LISTS[list_]: [found[one].id for one in contacts]
                for list_, contacts in client.contacts.items()
            }
        return found


# --- The file --------------------------------------------------------------------


class _Client(Part):
    """The keys of a participant."""

    version: Annotated[str, Field(pattern=r"^\d{1,4}\.\d{1,4}\.\d{1,4}$")] = (
        PLAIN_VERSION
    )
    platform: Literal["windows", "macos", "linux", "android", "ios"] = "windows"
    portable: bool = False
    online: bool = True
    contacts: dict[str, list[str]] = Field(default_factory=dict[str, list[str]])
    locked: dict[str, bool] = Field(default_factory=dict[str, bool])


class _File(Part):
    """The keys of a file."""

    says: Annotated[str, Field(min_length=1, max_length=200)]
    people: Annotated[dict[str, _Client], Field(max_length=MOST_PEOPLE)]
    inputs: Annotated[dict[str, str], Field(max_length=MOST_INPUTS)]


def known() -> tuple[str, ...]:
    """The names of the alphabets that ship."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def find_alphabet(text: str) -> Alphabet:
    """An alphabet by its name or path. Raises UsageError with every mistake."""
    if text in known():
        return _read(FOLDER / f"{text}.toml", name=text, file=None)
    path = Path(text)
    if path.suffix != ".toml" and not path.exists():
        msg = f"there is no alphabet {shown(text)}: {closest(text, known())}"
        raise UsageError(msg, hint="a file of your own ends in .toml")
    return _read(path, name=path.stem, file=path.as_posix())


def _read(path: Path, *, name: str, file: str | None) -> Alphabet:
    found = read_model(path, _File, hint=HINT, doubts=_doubts)
    inputs: list[Input] = []
    for key, sentence in found.inputs.items():
        operation = operation_of(sentence, lifetime_ms())
        assert operation is not None, "by _doubts"
        inputs.append(Input(name=key, words=sentence, operation=operation))
    return Alphabet(
        name=name,
        says=found.says,
        file=file,
        clients={
            key: Client(
                version=one.version,
                platform=one.platform,
                portable=one.portable,
                online=one.online,
                contacts={list_: tuple(names) for list_, names in one.contacts.items()},
                locked=one.locked,
            )
            for key, one in found.people.items()
        },
        inputs=tuple(inputs),
    )


def _doubts(document: Mapping[str, object]) -> Iterator[tuple[KeyPath, Mistake]]:
    """What is well-formed and cannot be meant."""
    people = as_table(document.get("people"))
    if "people" in document and not people:
        yield ("people",), Mistake(sentence="people has nobody")
    for name, table in people.items():
        if not re.fullmatch(NAME, name):
            words = f"{shown(name)} is no name: a capital letter, then small ones"
            yield ("people", name), Mistake(sentence=words)
        yield from _client_doubts(name, as_table(table), tuple(people))
    inputs = as_table(document.get("inputs"))
    if "inputs" in document and not inputs:
        yield ("inputs",), Mistake(sentence="inputs has no input")
    for key, sentence in inputs.items():
        if not _INPUT.fullmatch(key):
            words = f"{shown(key)} is no name of an input: small letters and digits"
            yield ("inputs", key), Mistake(sentence=words)
        if isinstance(sentence, str):
            for words in _sentence_doubts(sentence, tuple(people)):
                yield ("inputs", key), Mistake(sentence=f"{key} {words}")


def _client_doubts(
    name: str, table: Mapping[str, object], people: tuple[str, ...]
) -> Iterator[tuple[KeyPath, Mistake]]:
    for list_, names in as_table(table.get("contacts")).items():
        path = ("people", name, "contacts", list_)
        if list_ not in LISTS:
            words = f"{shown(list_)} is no contact list: {closest(list_, [*LISTS])}"
            yield path, Mistake(sentence=words)
        for one in as_list(names):
            if isinstance(one, str) and one not in people:
                words = f"{one} does not take part: {closest(one, people)}"
                yield path, Mistake(sentence=words)
    for permission in as_table(table.get("locked")):
        if permission not in PERMISSIONS:
            words = f"{permission} is no permission: {closest(permission, PERMISSIONS)}"
            yield ("people", name, "locked", permission), Mistake(sentence=words)


PERMISSIONS = [one.value for one in Permission]


def _sentence_doubts(sentence: str, people: tuple[str, ...]) -> Iterator[str]:
    operation = operation_of(sentence, lifetime_ms())
    if operation is None:
        yield f"is no input: {shown(sentence)}; {closest(sentence, EXAMPLES)}"
        return
    named = people_of(operation)
    for one in named:
        if one not in people:
            yield f"names {one}, who does not take part: {closest(one, people)}"
    whose = isinstance(operation, Permit)
    if len(set(named)) < len(named) and not whose:
        yield f"names {named[0]} twice"
    if isinstance(operation, Wait | Until) and not 0 < operation.ms <= MOST_WAIT_MS:
        yield f"lasts {operation.ms} ms: that has to be from 1 ms to a day"
    yield from _profile_doubts(operation)


def _profile_doubts(operation: Operation) -> Iterator[str]:
    known = [one.name for one in built_in_profiles()]
    permissions: tuple[str, ...] = ()
    if isinstance(operation, Permit):
        permissions = (operation.permission,)
    elif isinstance(operation, Edit):
        permissions = operation.permissions
    if isinstance(operation, Invite | Change | Edit) and operation.profile not in known:
        near = closest(operation.profile, known)
        yield f"names the profile {shown(operation.profile)}: {near}"
    for one in permissions:
        if one not in PERMISSIONS:
            yield f"names the permission {shown(one)}: {closest(one, PERMISSIONS)}"
