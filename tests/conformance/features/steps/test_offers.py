"""Links and addresses in the text of an email."""

from collections.abc import Callable, Mapping

import pytest

from invitelab.adapters.base import Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.features.clauses import load
from invitelab.formats.run import Verdict
from invitelab.protocol.menu import WEBSITE
from invitelab.protocol.values import Identity

Judge = Callable[..., Engine]

LINKED = "The email leads to the AnyDesk website"
ADDRESSED = "The email says where to connect"
EMAIL = tuple(name for name in load() if name.startswith("EMAIL-"))
Change = Callable[[Identity, str], str]


class Rewritten(Reference):
    """The email has another text: made of its sender's identity and of the text."""

    def __init__(self, change: Change) -> None:
        super().__init__()
        self.change = change

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Change the text of an email."""
        answer = super().request(method, params)
        match answer:
            case {"ok": {"opened_with": opened_with, "text": str(text)}}:
                clients = self._scenarios[str(params["scenario"])].clients
                identity = clients[str(params["client"])].device.spec.identity
                changed = self.change(identity, text)
                return {"ok": {"opened_with": opened_with, "text": changed}}
            case _:
                return answer


def linked(link: str) -> Rewritten:
    """Make a target whose email has this link."""
    return Rewritten(lambda _, text: text.replace(WEBSITE, link))


def addressed(pattern: str) -> Rewritten:
    """Make a target whose email has this in the place of the alias."""

    def change(identity: Identity, text: str) -> str:
        alias = identity.alias
        return text if alias is None else text.replace(alias, pattern.format(alias))

    return Rewritten(change)


def without_address(identity: Identity, text: str) -> str:
    """Leave both addresses out of the text."""
    return text.replace(identity.alias or identity.id, "").replace(identity.id, "")


def canned(_identity: Identity, _text: str) -> str:
    """Give the email of another client, which was recorded once."""
    return f"Connect to 998877665 or someone@else, see {WEBSITE}."


def verdicts(engine: Engine) -> set[Verdict]:
    """Give the verdicts of the scenarios that were run."""
    return {record.verdict for record in engine.scenarios}


@pytest.mark.parametrize(
    "link",
    [
        "https://anydesk.com.evil.example",
        "https://evil.example\\@anydesk.com",
        "https://evil.example:443\\@anydesk.com/",
        "https://evil.example@anydesk.com",
        "https://evil.example\x00.anydesk.com",
        "https://anydesk.com:99999",
        "https://anydesk.com@evil.example",
        "https://anydesk.com:443@evil.example/",
        "https://anydesk.com.evil.example/anydesk.com",
        "https://evil.example/?next=https://anydesk.com",
        "https://evil.example#.anydesk.com",
        "https://evil.example\\.anydesk.com",
        "https://anydesk.com-evil.example",
        "https://anydesk.com_.evil.example",
        "https://anydesk.com%2eevil.example",
        "https://anydesk.com\u3002evil.example",
        "https://anydesk.com\u00e9.example",
        "https://evilanydesk.com",
        "https://anydesk.company",
        "https://[anydesk.com",
        "https://",
        "ftp://anydesk.com",
        "xhttps://anydesk.com",
        "anydesk.com",
    ],
)
def test_a_link_to_another_host_is_no_link_to_the_website(
    directly: Judge, link: str
) -> None:
    """Even if the link contains the website's name."""
    assert {Verdict.FAIL} == verdicts(directly(linked(link), titles=[LINKED]))


@pytest.mark.parametrize(
    "link",
    [
        "http://anydesk.com",
        "HTTPS://www.AnyDesk.COM/download",
        "https://support.anydesk.com/?a=b#c",
        "https://anydesk.com:443/",
        "https://anydesk.com./",
        "https://anydesk.com.",
        "https://anydesk.com...",
        "(https://anydesk.com).",
        "`https://anydesk.com`",
        "[AnyDesk](https://anydesk.com)",
        "<https://anydesk.com>",
        "<a href='https://anydesk.com'>AnyDesk</a>",
        '<a href="https://anydesk.com">AnyDesk</a>',
        "\u201chttps://anydesk.com\u201d,",
        "\u4e0b\u8f7dhttps://anydesk.com\u3002",
        "https://evil.example https://anydesk.com",
    ],
)
def test_a_link_to_the_website_may_stand_in_any_sentence(
    directly: Judge, link: str
) -> None:
    """And may lead to any part of it."""
    assert {Verdict.PASS} == verdicts(directly(linked(link), titles=[LINKED]))


@pytest.mark.parametrize(
    "pattern", ["n{}", "n.{}", "{}2", "{}.example", "{}-2", "x@{}"]
)
def test_within_another_address_an_alias_is_not_said(
    directly: Judge, pattern: str
) -> None:
    """The address in the email is another client's."""
    engine = directly(addressed(pattern), titles=[ADDRESSED])
    assert {Verdict.FAIL} == verdicts(engine)


@pytest.mark.parametrize(
    "pattern", ["<{}>", "{}.", "-{}", "anydesk:{}", "\u5230{}\u3002"]
)
def test_an_alias_may_stand_in_any_sentence(directly: Judge, pattern: str) -> None:
    """As a link may."""
    engine = directly(addressed(pattern), titles=[ADDRESSED])
    assert {Verdict.PASS} == verdicts(engine)


@pytest.mark.parametrize("change", [without_address, canned])
def test_an_email_without_its_senders_address_proves_nothing_else(
    judge: Judge, change: Change
) -> None:
    """EMAIL-2 is red, and no scenario of another clause is decided."""
    engine = judge(Rewritten(change), *EMAIL)
    apart = [one for one in engine.scenarios if one.clauses != ("EMAIL-2",)]
    assert {Verdict.BLOCKED} == {record.verdict for record in apart}
    assert {"EMAIL-2"} == {record.blocked_by for record in apart}
    assert set(EMAIL) - {"EMAIL-2"} == {
        clause for record in apart for clause in record.clauses
    }
    red = [one.clause for one in engine.clauses if one.verdict is Verdict.FAIL]
    assert ["EMAIL-2"] == red


def test_an_email_that_opens_nowhere_is_no_matter_of_its_address(judge: Judge) -> None:
    """What a step demands itself comes before the address."""
    engine = judge(OpensNowhere(without_address), "EMAIL-1", "EMAIL-4")
    assert {Verdict.FAIL} == verdicts(engine)


class OpensNowhere(Rewritten):
    """The email is opened with nothing, and names nobody."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Change what it is opened with."""
        answer = super().request(method, params)
        match answer:
            case {"ok": {"opened_with": _, "text": str(text)}}:
                return {"ok": {"opened_with": "", "text": text}}
            case _:
                return answer
