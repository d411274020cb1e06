"""Questions: each is asked once, and fifty thousand of them take little memory."""

import subprocess
import sys

import pytest
from hidden_machines import asked_of, random_machine

from invitelab.learning.answers import Answers, TwoAnswersError
from invitelab.learning.mealy import canonical

MOST_MEGABYTES = 500
MANY = """\
import re, sys
from itertools import islice, product
from pathlib import Path
from hidden_machines import Hidden, random_machine
from invitelab.learning.operations import Wait
from invitelab.learning.questions import Questions
from invitelab.learning.sight import Outputs
from invitelab.learning.store import Store

machine = random_machine(2)
store = Store(Path(sys.argv[1]) / "questions.jsonl", {})
store.open()
waits = [Wait(ms=n) for n in machine.inputs]
asked = Questions(Hidden(machine), waits, Outputs(), store)
for word in islice(product(machine.inputs, repeat=10), 0, 50_000 * 7, 7):
    asked.ask(word)
assert asked.scenarios == 50_000
again = Store(Path(sys.argv[1]) / "questions.jsonl", {})
store.close()
again.load()
assert again.earlier == 50_000
peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
print(int(peak[1]) // 1024)
"""


def test_a_question_is_asked_once() -> None:
    """Also if it is the beginning of another one."""
    machine = canonical(random_machine(1))
    questions = asked_of(machine)
    word = (0, 1, 0, 1)
    expected = tuple(machine.run(word))
    assert expected == questions.ask(word) == questions.ask(word)
    assert expected[:2] == questions.ask(word[:2])
    assert (1, 4, 3) == (questions.scenarios, questions.steps, questions.questions)


def test_another_answer_to_the_same_beginning_is_told_with_both() -> None:
    """Up to the input at which they part."""
    answers = Answers()
    answers.add((0, 1, 2), (5, 6, 7))
    with pytest.raises(TwoAnswersError) as caught:
        answers.add((0, 1, 1), (5, 8, 9))
    found = caught.value
    assert ((0, 1), (5, 6), (5, 8)) == (found.word, found.first, found.second)


def test_a_contradiction_is_found_among_what_is_known() -> None:
    """The first question that a machine answers otherwise."""
    right, wrong = canonical(random_machine(4)), canonical(random_machine(5))
    answers = Answers()
    for word in ((0,), (0, 1), (1, 1, 0)):
        answers.add(word, tuple(right.run(word)))
    assert None is answers.contradiction(right)
    found = answers.contradiction(wrong)
    assert found is not None
    assert tuple(wrong.run(found)) != answers.known(found)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="it is Linux's /proc")
def test_fifty_thousand_questions_take_less_than_half_a_gigabyte(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """With their file, and a second store that has read it.

    Of its own memory alone: ru_maxrss would have that of the process that started it.
    """
    folder = tmp_path_factory.mktemp("many")
    result = subprocess.run(
        [sys.executable, "-c", MANY, str(folder)],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert "" == result.stderr
    assert int(result.stdout) < MOST_MEGABYTES
