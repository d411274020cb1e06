"""Whole targets: the reference, mutants, and what ends a learning."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pytest

from invitelab.adapters.base import Json
from invitelab.adapters.driver import InProcessTarget, Reachable
from invitelab.adapters.handshake import Capability
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.errors import UsageError
from invitelab.formats.machine import Comparison, Machine, MachineStatus, Standing
from invitelab.formats.run import Level
from invitelab.learning.alphabet import find_alphabet
from invitelab.learning.comparing import comparisons
from invitelab.learning.document import machine_of
from invitelab.learning.learning import StoppedLearningError, Wish
from invitelab.learning.reference import ReferenceTarget
from invitelab.learning.session import Learned, Plan, learn_started, started
from invitelab.learning.sight import Outputs
from invitelab.proof.mutants import MUTANTS
from invitelab.protocol.policy import Policy
from invitelab.world.product import SPECIFIED, Product, use_product

CORE = "core"


@dataclass
class Learner:
    """Learns targets, which stay started until the end of a test."""

    stack: ExitStack
    outputs: Outputs

    def learn(
        self,
        target: Reachable,
        alphabet: str = CORE,
        *,
        wish: Wish | None = None,
        budget: int | None = None,
        folder: Path | None = None,
        check: Callable[[], None] = lambda: None,
    ) -> Learned:
        """One target."""
        wish = wish or Wish(words_per_state=3)
        plan = Plan(alphabet=find_alphabet(alphabet), wish=wish, budget=budget)
        running = self.stack.enter_context(started(target, plan))
        found = learn_started(
            target, plan, running, self.outputs, folder=folder, check=check
        )
        found.shown = target.text
        return found


@pytest.fixture
def learner() -> Iterator[Learner]:
    """Stop what was started."""
    with ExitStack() as stack:
        yield Learner(stack, Outputs())


SMALL = """\
says = "Ada invites Bob, and time passes"
[people.Ada]
[people.Bob]
[inputs]
send = "Ada invites Bob"
modify = 'Ada changes the invitation to Bob to the permission profile "Full Access"'
half = "half the lifetime passes"
"""


@pytest.fixture
def small(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The path of a small alphabet."""
    path = tmp_path_factory.mktemp("alphabet") / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return str(path)


def unfinished(folder: Path) -> Path:
    """The file of questions, as one of a learning that was killed."""
    path = folder / "questions.jsonl"
    *lines, last, _ = path.read_text("utf-8").split("\n")
    assert '{"finished":true}' == last
    path.write_text("\n".join([*lines, ""]), "utf-8")
    return path


@pytest.fixture
def reference(learner: Learner) -> Learned:
    """Learn the reference over the core alphabet."""
    return learner.learn(ReferenceTarget())


def document(one: Learned, reference: Learned) -> Machine:
    """The document of a target, with its comparisons."""
    return machine_of(one, list(comparisons(one, [], reference)))


def against(machine: Machine, name: str) -> Comparison:
    """The comparison with something of that name."""
    return next(one for one in machine.comparisons if one.against == name)


def mutant(name: str) -> DirectTarget:
    """A wrong implementation that ships."""
    return DirectTarget(MUTANTS[name].make())


def test_the_reference_is_learned_in_seconds(reference: Learned) -> None:
    """Its states are those of an invitation, by profile and by time."""
    machine = machine_of(reference)
    assert MachineStatus.COMPLETE is machine.status
    names = [state.name for state in machine.states]
    assert ["before", "pending, Default", "pending, Screen Sharing", "over"] == [
        name for name in names if "after" not in name
    ]
    times = {name.partition("after ")[2] for name in names if "after" in name}
    assert {"60 s"} == times
    assert len(names) == len(set(names)) == 6


def test_the_timer_is_known_to_the_millisecond(reference: Learned) -> None:
    """And that no change restarts it."""
    (timer,) = reference.timers
    assert (("send",), 120_000) == (timer.after, timer.ms)
    assert ("send", "modify", "back") == timer.kept_by
    assert () == timer.restarted_by
    assert "the invitation expires 120,000 ms after send" in timer.says


def test_a_lifetime_of_its_own_is_learned_as_such(learner: Learner) -> None:
    """A variant of five minutes has the same machine at other times."""
    use_product(Product(name="five", lifetime_us=300_000_000))
    try:
        five = learner.learn(ReferenceTarget())
    finally:
        use_product(SPECIFIED)
    assert [300_000] == [timer.ms for timer in five.timers]
    assert 6 == five.machine.size


FOUND = {
    "expires-at-121-5-s": ("EXPIRY-4", Standing.BROKEN),
    "expires-at-118-s": ("EXPIRY-1", Standing.BROKEN),
    "one-change-only": ("PENDING-1", Standing.BROKEN),
    "modify-does-nothing": ("PENDING-1", Standing.BROKEN),
}


@pytest.mark.parametrize("name", FOUND)
def test_a_broken_clause_is_named(
    name: str, learner: Learner, reference: Learned
) -> None:
    """With a scenario that shows it, and ends in a step that does not hold."""
    machine = document(learner.learn(mutant(name)), reference)
    clause, standing = FOUND[name]
    first = against(machine, "specification").differences[0]
    assert (clause, standing) == (first.clause, first.standing)
    assert first.scenario is not None
    assert f"@{clause}" in first.scenario


@pytest.mark.slow
def test_another_interpretation_is_allowed(
    learner: Learner, reference: Learned
) -> None:
    """A change that restarts the two minutes: PENDING-6 says what we assume."""
    other = DirectTarget(Reference(policy=Policy(modify_keeps_the_deadline=False)))
    machine = document(learner.learn(other), reference)
    assert not [
        one
        for one in against(machine, "specification").differences
        if one.standing is Standing.BROKEN
    ]
    (difference,) = against(machine, "reference").differences
    assert Standing.ALLOWED is difference.standing
    assert "both are allowed" in difference.says
    assert ("modify", "back") == machine.timers[0].restarted_by


ANSWERED = """\
says = "Ada invites Bob, who may accept"
[people.Ada]
[people.Bob]
[inputs]
send = "Ada invites Bob"
accept = "Bob accepts the invitation from Ada"
cancel = "Ada cancels the invitation to Bob"
half = "half the lifetime passes"
"""


def test_an_interpretation_that_decides_an_answer_is_named(
    learner: Learner, tmp_path: Path
) -> None:
    """Also where nothing can be said of what follows; and as `check` names it."""
    path = tmp_path / "answered.toml"
    path.write_text(ANSWERED, encoding="utf-8")
    reference = learner.learn(ReferenceTarget(), str(path))
    target = InProcessTarget(Reference(policy=Policy(one_pending_per_pair=False)))
    other = learner.learn(target, str(path))
    machine = document(other, reference)
    for name in ("specification", "reference"):
        (one,) = against(machine, name).differences
        assert (("send", "send"), "PENDING-8") == (one.inputs, one.clause)
        assert (Standing.DEVIATES, Level.INTERPRETATION) == (one.standing, one.level)
        assert one.says.endswith("; PENDING-8 is interpreted so")
    assert "interpretations are other ones: PENDING-8" == (
        against(machine, "specification").says
    )
    assert "pending, Default (2 times)" in {
        state.name.partition(" #")[0].partition(", after")[0]
        for state in machine.states
    }
    # Of two that are not the reference, the one that answers as it does is right.
    third = learner.learn(InProcessTarget(Reference()), str(path))
    right = machine_of(third, list(comparisons(third, [other], reference)))
    (one,) = against(right, other.shown).differences
    assert (Standing.ALLOWED, None) == (one.standing, one.clause)
    assert one.says.endswith("both are allowed, as PENDING-8 is an interpretation")


def test_a_session_names_a_state_only_if_every_way_leads_to_one(
    learner: Learner, tmp_path: Path
) -> None:
    """It goes on after all that follows, and a way without one ends there too."""
    path = tmp_path / "answered.toml"
    path.write_text(ANSWERED, encoding="utf-8")
    one = learner.learn(ReferenceTarget(), str(path))
    names = {state.access: state.name for state in machine_of(one).states}
    assert "over" == names["send", "accept"]
    no_other = ANSWERED.partition("cancel")[0]
    path.write_text(no_other, encoding="utf-8")
    one = learner.learn(ReferenceTarget(), str(path))
    names = {state.access: state.name for state in machine_of(one).states}
    assert "in session" == names["send", "accept"]


def test_the_same_machine_has_no_difference(reference: Learned) -> None:
    """The reference beside itself, and the specification."""
    machine = document(reference, reference)
    assert [True] == [one.same for one in machine.comparisons]


def test_a_bound_is_stated_with_its_premise(learner: Learner) -> None:
    """For as many states as were asked for, and not more."""
    one = learner.learn(ReferenceTarget(), wish=Wish(extra=0, words_per_state=0))
    bound = machine_of(one).bound
    assert bound is not None
    assert (6, 0) == (bound.states, bound.extra)
    assert "premise: it is deterministic, reset by scenario.begin" in bound.says


def test_a_budget_leaves_an_incomplete_machine(
    learner: Learner, reference: Learned
) -> None:
    """Without a bound, and compared as far as it was learned."""
    one = learner.learn(mutant("one-change-only"), budget=120, wish=Wish(extra=1))
    assert 120 == one.questions.scenarios
    machine = document(one, reference)
    assert MachineStatus.INCOMPLETE is machine.status
    assert None is machine.bound
    assert "as many scenarios were begun as were allowed" == machine.problem
    assert machine.hint is not None
    assert machine.hint.startswith("a smaller alphabet has fewer states: ")


# --- The store -------------------------------------------------------------------


def test_an_interrupted_learning_goes_on(
    learner: Learner, small: str, tmp_path: Path
) -> None:
    """The second run asks only what is left, and its machine is the same."""
    whole = machine_of(learner.learn(InProcessTarget(Reference()), small))
    left = [30]

    def check() -> None:
        left[0] -= 1
        if left[0] < 0:
            raise StoppedLearningError

    target = InProcessTarget(Reference())
    first = learner.learn(target, small, folder=tmp_path, check=check)
    stopped = machine_of(first)
    assert MachineStatus.INCOMPLETE is stopped.status
    assert "it was interrupted" == stopped.problem
    second = learner.learn(InProcessTarget(Reference()), small, folder=tmp_path)
    assert 30 == len(second.questions.taken)
    assert whole == machine_of(second)


def test_a_finished_learning_is_repeated_from_the_start(
    learner: Learner, small: str, tmp_path: Path
) -> None:
    """And the file of questions is the same, byte by byte."""
    first = learner.learn(InProcessTarget(Reference()), small, folder=tmp_path)
    asked = (tmp_path / "questions.jsonl").read_bytes()
    second = learner.learn(InProcessTarget(Reference()), small, folder=tmp_path)
    assert not second.questions.taken
    assert machine_of(first) == machine_of(second)
    assert asked == (tmp_path / "questions.jsonl").read_bytes()


@pytest.mark.slow
def test_a_target_that_was_changed_is_asked_anew(
    learner: Learner, small: str, tmp_path: Path
) -> None:
    """Its answers of yesterday are those of another machine."""

    class Same(Reference):
        """The reference by class name alone."""

    right = Same()
    wrong = Same(policy=Policy(modify_keeps_the_deadline=False))
    learner.learn(InProcessTarget(right), small, folder=tmp_path)
    unfinished(tmp_path)
    second = learner.learn(InProcessTarget(wrong), small, folder=tmp_path)
    assert second.anew
    assert second.complete
    assert ("modify",) == second.timers[0].restarted_by


DAMAGE: dict[str, Callable[[str], str]] = {
    "cut off": lambda text: text[: len(text) // 2],
    "no number": lambda text: text.replace('"word":[0', '"word":[zero'),
    "empty": lambda _: "",
    "binary": lambda _: "\x00\x01",
    "another seed": lambda text: text.replace('"seed":0', '"seed":1'),
    "no such output": lambda text: text.replace('"outputs":[0', '"outputs":[99999'),
    "no such input": lambda text: text.replace('"word":[0', '"word":[77'),
}


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_store_is_good_up_to_there(
    learner: Learner, small: str, tmp_path: Path, damage: Callable[[str], str]
) -> None:
    """Whatever is left of it, the machine is the same."""
    first = learner.learn(InProcessTarget(Reference()), small, folder=tmp_path)
    path = unfinished(tmp_path)
    path.write_text(damage(path.read_text("utf-8")), "utf-8")
    second = learner.learn(InProcessTarget(Reference()), small, folder=tmp_path)
    assert machine_of(first) == machine_of(second)


# --- What cannot be learned ------------------------------------------------------


class Declining(Reference):
    """The reference with another handshake."""

    changes: Mapping[str, Json] = MappingProxyType({})

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer, with the changes in the handshake."""
        answer = super().request(method, params)
        if method == "initialize" and isinstance(answer, dict):
            return {**answer, **self.changes}
        return answer


def declining(*names: str) -> dict[str, Json]:
    """A handshake that declines these capabilities."""
    return {
        "capabilities": [one.value for one in Capability if one.value not in names],
        "declines": [{"capability": one, "reason": "not built"} for one in names],
    }


@pytest.mark.parametrize(
    ("alphabet", "changes", "says"),
    [
        ("core", {"clock": "real"}, "has a real clock"),
        ("core", declining("direct"), "needs direct.* declines that: not built"),
        ("core", declining("modify"), "has modify, which needs modify"),
        ("tiles", declining("tiles"), "has favorites, which needs tiles"),
        ("email", declining("old-versions"), "has Old's client, which needs old-ver"),
        ("core", {"settle_ms": 300}, "take up to 300 ms, and learning needs them at"),
    ],
)
def test_what_cannot_be_learned_is_refused_before_anything_is_asked(
    alphabet: str, changes: Mapping[str, Json], says: str
) -> None:
    """In one sentence."""
    target = Declining()
    target.changes = changes
    plan = Plan(alphabet=find_alphabet(alphabet), wish=Wish())
    with (
        pytest.raises(UsageError, match=says),
        started(InProcessTarget(target), plan),
    ):
        pytest.fail("it was started")


@pytest.mark.parametrize(
    ("names", "hint"),
    [
        (
            ("modify",),
            "--alphabet NAME: presence and two-invitations fit this target; or ",
        ),
        (("direct",), "no alphabet that ships fits this target; write a file of your"),
    ],
)
def test_the_alphabets_that_fit_are_named(names: tuple[str, ...], hint: str) -> None:
    """Those that need nothing that is declined."""
    target = Declining()
    target.changes = declining(*names, "email", "tiles")
    with (
        pytest.raises(UsageError) as caught,
        started(
            InProcessTarget(target), Plan(alphabet=find_alphabet(CORE), wish=Wish())
        ),
    ):
        pytest.fail("it was started")
    assert str(caught.value.hint).startswith(hint)


def test_a_bound_that_would_never_end_is_refused_with_its_number() -> None:
    """Before anything is started."""
    plan = Plan(alphabet=find_alphabet("core"), wish=Wish(extra=12))
    with pytest.raises(UsageError, match=r"takes at least 628,292,358,728 questions"):
        plan.check()
    Plan(alphabet=find_alphabet("core"), wish=Wish(extra=2)).check()
