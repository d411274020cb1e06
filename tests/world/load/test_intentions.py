"""An intention depends on seed, replication, number and purpose alone."""

import math
from collections.abc import Callable, Mapping

import pytest

from invitelab.world.load import intentions as module
from invitelab.world.load.intentions import PROFILES, Intentions
from invitelab.world.load.rng import CHUNK, CounterRng
from invitelab.world.scenario.schema import Scenario

ATTEMPTS = 4 * CHUNK
Changed = Callable[[Mapping[str, object]], Scenario]
Intention = Callable[[Intentions, int], object]

BASE: Mapping[str, object] = {
    "people.cancel": 0.1,
    "people.modify": 0.1,
    "people.by_tile": 0.2,
    "people.by_alias": 0.3,
    "people.email_fallback": 0.7,
    "people.email_connect": 0.4,
}
INTENTIONS: Mapping[str, Intention] = {
    "inviter": lambda intentions, number: intentions.attempt(number).inviter,
    "recipient": lambda intentions, number: intentions.attempt(number).recipient,
    "by_tile": lambda intentions, number: intentions.attempt(number).by_tile,
    "profile": lambda intentions, number: intentions.attempt(number).profile,
    "by_alias": Intentions.by_alias,
    "accepts": lambda intentions, number: intentions.answer(number)[0],
    "think": lambda intentions, number: intentions.answer(number)[1],
    "cancel": Intentions.cancel_us,
    "modify": Intentions.modify_us,
    "other_profile": Intentions.other_profile,
    "writes_email": Intentions.writes_email,
    "connect": Intentions.connect_us,
    "session": Intentions.session_us,
}


@pytest.fixture(scope="module")
def make_intentions(changed: Changed) -> Callable[..., Intentions]:
    """Give a way to plans of seed 1 with some values changed."""

    def plan(changes: Mapping[str, object], seed: int = 1) -> Intentions:
        people = changed({**BASE, **changes}).people
        return Intentions(people, CounterRng(seed, 0))

    return plan


MakeIntentions = Callable[..., Intentions]


def told(intentions: Intentions, name: str) -> list[object]:
    """One intention of every attempt."""
    return [INTENTIONS[name](intentions, number) for number in range(ATTEMPTS)]


@pytest.mark.parametrize(
    ("path", "value", "moved"),
    [
        ("people.cancel", 0.5, {"cancel"}),
        (
            "people.cancel_after",
            {"distribution": "constant", "value": "1s"},
            {"cancel"},
        ),
        ("people.modify", 0.5, {"modify"}),
        ("people.by_tile", 0.9, {"by_tile"}),
        ("people.by_alias", 0.9, {"by_alias"}),
        ("people.email_fallback", 0.1, {"writes_email"}),
        ("people.email_connect", 0.9, {"connect"}),
        ("people.answer", {"accept": 0, "reject": 0, "ignore": 1}, {"accepts"}),
        ("people.think", {"distribution": "exponential", "mean": "5s"}, {"think"}),
        ("people.session", {"distribution": "constant", "value": "1s"}, {"session"}),
    ],
)
def test_changing_one_share_leaves_the_rest(
    make_intentions: MakeIntentions, path: str, value: object, moved: set[str]
) -> None:
    """More cancels leave think times, answers and recipients as they are."""
    before, after = make_intentions({}), make_intentions({path: value})
    changed = {name for name in INTENTIONS if told(before, name) != told(after, name)}
    assert moved == changed


def test_who_cancels_at_a_low_rate_cancels_at_a_high_one(
    make_intentions: MakeIntentions,
) -> None:
    """And at the same time: the others only join them."""
    few, many = (
        told(make_intentions({"people.cancel": p}), "cancel") for p in (0.1, 0.5)
    )
    assert all(b in {None, a} for a, b in zip(many, few, strict=True))
    assert few.count(None) > many.count(None)


@pytest.mark.parametrize(
    ("name", "value", "share"),
    [
        ("accepts", True, 0.5),
        ("accepts", False, 0.2),
        ("accepts", None, 0.3),
        ("cancel", None, 0.9),
        ("modify", None, 0.9),
        ("by_tile", True, 0.2),
        ("by_alias", True, 0.3),
        ("writes_email", True, 0.7),
        ("connect", None, 0.6),
        ("profile", PROFILES[1], 1 / len(PROFILES)),
        ("other_profile", PROFILES[0], 1 / len(PROFILES)),
    ],
)
def test_shares_are_as_asked(
    make_intentions: MakeIntentions, name: str, value: object, share: float
) -> None:
    """Within four standard errors, each of them."""
    count = told(make_intentions({}), name).count(value)
    error = math.sqrt(share * (1 - share) * ATTEMPTS)
    assert abs(count - share * ATTEMPTS) < 4 * error


def test_nobody_has_to_ask_in_order(
    make_intentions: MakeIntentions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does it matter what was forgotten meanwhile."""
    forwards = make_intentions({})
    monkeypatch.setattr(module, "CHUNKS_KEPT", 1)
    backwards = make_intentions({})
    numbers = [0, 9 * CHUNK + 5, 3, 40 * CHUNK, 9 * CHUNK + 5, 1_023]
    for name, intention in INTENTIONS.items():
        first = [intention(forwards, number) for number in numbers]
        again = [intention(backwards, number) for number in reversed(numbers)]
        assert first == again[::-1], name


def test_another_seed_means_other_intentions(make_intentions: MakeIntentions) -> None:
    """In everything they intend."""
    one, other = make_intentions({}), make_intentions({}, seed=2)
    assert all(told(one, name) != told(other, name) for name in INTENTIONS)


def test_times_are_whole_microseconds(make_intentions: MakeIntentions) -> None:
    """As everywhere in a world."""
    intentions = make_intentions({})
    for name in ("think", "cancel", "modify", "connect", "session"):
        assert {type(one) for one in told(intentions, name)} <= {int, type(None)}
