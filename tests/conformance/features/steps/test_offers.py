"""Links and addresses in the text of an email."""

from collections.abc import Callable, Mapping

import pytest

from invitelab.adapters.base import Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.execution.engine import Engine
from invitelab.formats.run import Verdict
from invitelab.protocol.menu import WEBSITE

Judge = Callable[..., Engine]

LINKED = "The email leads to the AnyDesk website"
ADDRESSED = "The email says where to connect"
ALIAS = "ada@ad"


class Rewritten(Reference):
    """The email has other words in the place of some."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__()
        self.old, self.new = old, new

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Change the text of an email."""
        answer = super().request(method, params)
        match answer:
            case {"ok": {"opened_with": opened_with, "text": str(text)}}:
                changed = text.replace(self.old, self.new)
                return {"ok": {"opened_with": opened_with, "text": changed}}
            case _:
                return answer


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
    assert {Verdict.FAIL} == verdicts(
        directly(Rewritten(WEBSITE, link), titles=[LINKED])
    )


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
    assert {Verdict.PASS} == verdicts(
        directly(Rewritten(WEBSITE, link), titles=[LINKED])
    )


@pytest.mark.parametrize(
    "text", ["nada@ad", "n.ada@ad", "ada@ad2", "ada@ad.example", "ada@ad-2", "x@ada@ad"]
)
def test_within_another_address_an_alias_is_not_said(
    directly: Judge, text: str
) -> None:
    """The address in the email is another client's."""
    engine = directly(Rewritten(ALIAS, text), titles=[ADDRESSED])
    assert {Verdict.FAIL} == verdicts(engine)


@pytest.mark.parametrize(
    "text", ["<ada@ad>", "ada@ad.", "-ada@ad", "anydesk:ada@ad", "\u5230ada@ad\u3002"]
)
def test_an_alias_may_stand_in_any_sentence(directly: Judge, text: str) -> None:
    """As a link may."""
    engine = directly(Rewritten(ALIAS, text), titles=[ADDRESSED])
    assert {Verdict.PASS} == verdicts(engine)
