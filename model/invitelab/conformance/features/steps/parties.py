"""Steps that declare people and their clients."""

import re

from pytest_bdd import given

from invitelab.adapters.messages import ProfileSpec
from invitelab.conformance.execution.scenario_context import ScenarioContext
from invitelab.conformance.features.people import LISTS
from invitelab.conformance.features.steps.phrases import LIST, NAME, person, phrase
from invitelab.errors import ScenarioTextError

VERSION = r"(?:version (?P<version>\d+\.\d+\.\d+|7 or later)|a version before 7)"
ANY_NEW = "7.1.4"
ANY_OLD = "6.10.0"
PLATFORM = "(?: on (?P<platform>Windows|macOS|Linux|Android|iOS))?"


@given(phrase(f"(?P<names>{NAME}) uses {VERSION}{PLATFORM}"))
@given(phrase(f"(?P<names>{NAME}(?:, {NAME})* and {NAME}) use {VERSION}{PLATFORM}"))
def enter(
    context: ScenarioContext, names: str, version: str | None, platform: str | None
) -> None:
    """Declare one or more people with clients of one version."""
    chosen = ANY_OLD if version is None else version.replace("7 or later", ANY_NEW)
    for name in re.findall(NAME, names):
        context.enter(name, chosen, (platform or "Windows").lower())


@given(phrase(f'{person("name")} has the ID "(?P<id_>[0-9]{{9,10}})"'))
def has_id(context: ScenarioContext, name: str, id_: str) -> None:
    """Declare a client with this ID, in place of a drawn one."""
    context.identify(name, id_=id_)


@given(phrase(f'{person("name")} has the alias "(?P<alias>[^"]+)"'))
def has_alias(context: ScenarioContext, name: str, alias: str) -> None:
    """Declare a client with this alias, in place of a drawn one."""
    context.identify(name, alias=alias)


@given(phrase(f"{person('name')} has a portable client"))
def portable(context: ScenarioContext, name: str) -> None:
    """Declare a portable client, which has no alias."""
    context.person(name).alias = None


@given(phrase(f"{person('contact')} is in {person('owner')}'s (?P<list_>{LIST})"))
def is_contact(context: ScenarioContext, contact: str, owner: str, list_: str) -> None:
    """Put the contact into that list of the owner."""
    contacts = context.person(owner).contacts.setdefault(LISTS[list_], [])
    contacts.append(context.person(contact).id)


@given(phrase(f"{person('name')} has the permission profiles"))
def has_profiles(
    context: ScenarioContext, name: str, datatable: list[list[str]]
) -> None:
    """Declare all permission profiles of a client."""
    header, *rows = datatable
    if header != ["name", "permissions", "enabled"]:
        msg = f"a table of permission profiles has other columns than {header}"
        raise ScenarioTextError(msg)
    context.person(name).profiles = tuple(
        ProfileSpec(
            name=profile,
            permissions=tuple(permissions.replace(",", " ").split()),
            enabled=enabled == "yes",
        )
        for profile, permissions, enabled in rows
    )


@given(
    phrase(
        f'{person("name")}\'s client locks "(?P<permission>[a-z-]+)"'
        " as (?P<value>denied|allowed)"
    )
)
def locks(context: ScenarioContext, name: str, permission: str, value: str) -> None:
    """Declare a custom build that forces this permission to a value."""
    context.person(name).locked[permission] = value == "allowed"


@given(phrase(f"{person('name')} is offline"))
def is_offline(context: ScenarioContext, name: str) -> None:
    """Declare a client that is offline when the scenario begins."""
    context.person(name).online = False
