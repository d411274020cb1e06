"""The mutants that each alphabet finds, each with the shortest question.

    python benchmarks/learning.py [ALPHABET ...]

Each alphabet has a list of questions: all of two inputs, any two inputs in every state
of the reference, and the Wp-method for as many states as that has; MOST_QUESTIONS at
most, the shortest first. A mutant is found by the shortest beginning of one that it
answers otherwise than the reference. Results go to reports/learning, after each
alphabet; those of the others that are there already are kept.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path

from invitelab.adapters.transports.direct import DirectTarget
from invitelab.errors import InvitelabError
from invitelab.learning.alphabet import Alphabet, find_alphabet, known
from invitelab.learning.bounds import Suite
from invitelab.learning.doubts import pairs
from invitelab.learning.learning import Wish
from invitelab.learning.mealy import Mealy, Word
from invitelab.learning.questions import Target, TargetEndedError
from invitelab.learning.reference import ReferenceTarget
from invitelab.learning.session import Plan, learn_started, started
from invitelab.learning.sight import Outputs
from invitelab.proof.mutants import MUTANTS

FOLDER = Path(__file__).parent.parent / "reports" / "learning"
RESULTS = FOLDER / "mutants.json"
PAGE = FOLDER / "README.md"
MOST_QUESTIONS = 400

Found = Mapping[str, Sequence[str]]
"""By mutant, the names of the inputs that show it."""


def questions(machine: Mealy) -> list[Word]:
    """The questions of an alphabet, the shortest first; no beginnings of others."""
    two = product(machine.inputs, repeat=2)
    words = sorted(
        {*two, *pairs(machine), *Suite(machine, 0)}, key=lambda w: (len(w), w)
    )
    begun = {word[:end] for word in words for end in range(1, len(word))}
    return [word for word in words if word not in begun][:MOST_QUESTIONS]


def learned(plan: Plan, outputs: Outputs) -> Mealy:
    """The machine of the reference."""
    target = ReferenceTarget()
    with started(target, plan) as running:
        found = learn_started(target, plan, running, outputs)
    assert found.complete, f"the reference is not learned over {plan.alphabet.name}"
    return found.machine


def witness(
    name: str, plan: Plan, outputs: Outputs, machine: Mealy, words: Sequence[Word]
) -> list[str] | None:
    """The inputs of the first question that a mutant answers otherwise."""
    target = DirectTarget(MUTANTS[name].make())
    with started(target, plan) as (engine, _):
        asked = Target(engine, plan.alphabet.people(plan.wish.seed))
        best: Word | None = None
        for word in words:
            if best is not None and len(word) > len(best) + 1:
                break
            differs = _difference(asked, plan.alphabet, outputs, machine, word)
            if differs is not None and (best is None or len(differs) < len(best)):
                best = differs
    return None if best is None else list(plan.alphabet.names(best))


def _difference(
    asked: Target, alphabet: Alphabet, outputs: Outputs, machine: Mealy, word: Word
) -> Word | None:
    """The question up to the first wrong answer; the whole where the target ends."""
    try:
        told = asked.outputs([alphabet.inputs[letter].operation for letter in word])
    except (TargetEndedError, InvitelabError):
        return word
    for place, number in enumerate(machine.run(word)):
        if told[place] != outputs.all[number]:
            return word[: place + 1]
    return None


def find(name: str) -> Iterator[tuple[str, list[str]]]:
    """The mutants that an alphabet finds, each with the inputs."""
    plan = Plan(alphabet=find_alphabet(name), wish=Wish(words_per_state=5))
    outputs = Outputs()
    machine = learned(plan, outputs)
    words = questions(machine)
    print(f"{name}: {machine.size} states, {len(words)} questions", flush=True)
    for mutant in MUTANTS:
        inputs = witness(mutant, plan, outputs, machine, words)
        if inputs is not None:
            yield mutant, inputs


def page(results: Mapping[str, Found]) -> str:
    """The table as Markdown."""
    found = {one for each in results.values() for one in each}
    all_ = len(MUTANTS)
    lines = [
        "# What learning finds",
        "",
        "Made by `python benchmarks/learning.py`: mutants of `invitelab prove`, and",
        "the shortest question that tells one from the reference, of those asked:",
        f"the {MOST_QUESTIONS} shortest of all of two inputs, any two in every state",
        "of the reference, and the Wp-method for as many states as that has.",
        "",
        "| alphabet | mutants found |",
        "|---|---|",
        *(
            f"| {name} | {len(each)} of {len(MUTANTS)} |"
            for name, each in results.items()
        ),
        f"| any of them | {len(found)} of {all_} |",
        "",
        "## By mutant",
        f"| mutant | clause | {' | '.join(results)} |",
        f"|---|---|{'---|' * len(results)}",
    ]
    for name, mutant in MUTANTS.items():
        if name in found:
            cells = (", ".join(each.get(name, ())) for each in results.values())
            lines.append(f"| {name} | {mutant.clause} | {' | '.join(cells)} |")
    missed = [name for name in MUTANTS if name not in found]
    lines += ["", "## Found by none", "", ", ".join(missed) or "none", ""]
    return "\n".join(lines)


def main() -> None:
    """Try the alphabets that are named, or all, and write the results."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    results: dict[str, Found] = {}
    if RESULTS.exists():
        results = json.loads(RESULTS.read_text(encoding="utf-8"))
    for name in sys.argv[1:] or known():
        results[name] = dict(find(name))
        results = dict(sorted(results.items()))
        RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        PAGE.write_text(page(results), encoding="utf-8")
        print(f"{name}: {len(results[name])} of {len(MUTANTS)} mutants", flush=True)


if __name__ == "__main__":
    main()
