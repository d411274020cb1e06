"""Several processes: the same results, and no trace of them afterwards."""

import multiprocessing
import os
import pickle
import signal
from collections.abc import Callable, Mapping
from dataclasses import fields

import pytest

from invitelab.errors import Blame, RunError, UsageError
from invitelab.study import effort
from invitelab.study.assemble import Subject
from invitelab.study.plan import Plan
from invitelab.study.replication import Job
from invitelab.study.run import simulate
from invitelab.study.sweep import Setting, sweep
from invitelab.study.workers import Reached, Where, carry_out
from invitelab.world.scenario.file import Loaded

TWO = Where(workers=2)

Make = Callable[[Mapping[str, object]], Loaded]

OPEN: Mapping[str, object] = {
    "max_replications": 3,
    "objectives": [{"metric": "accepted", "at_least": 0.4}],
}


class Deadly(Job):
    """A job whose arrival is the end of its worker."""

    def __reduce__(self) -> tuple[Callable[[int], object], tuple[int]]:
        """Unpickled, it is an exit."""
        return os._exit, (3,)


class Doomed(Plan):
    """A plan of deadly jobs."""

    def begin(self) -> list[Job]:
        """Those, instead of its own."""
        return [
            Deadly(**{part.name: getattr(job, part.name) for part in fields(Job)})
            for job in super().begin()
        ]


@pytest.mark.slow
def test_any_number_of_workers_gives_the_same_results(tiny: Make) -> None:
    """Byte for byte, point for point, and replications that follow from others too."""
    settings = [
        Setting(text=str(n), value=n, loaded=tiny({**OPEN, "relay.servers": n}))
        for n in (1, 2)
    ]
    alone = sweep("relay.servers", settings)
    seen: list[Reached] = []
    together = sweep("relay.servers", settings, where=TWO, progress=seen.append)
    assert alone.model_dump_json() == together.model_dump_json()
    as_it_pays = sweep("relay.servers", settings, where=Where())
    assert alone.model_dump_json() == as_it_pays.model_dump_json()
    counts = [len(point.results.replications) for point in together.points]
    assert sum(counts) == seen[-1].replications == seen[-1].planned
    assert seen[-1].all_us == seen[-1].done_us
    assert [] == multiprocessing.active_children()


def test_as_many_workers_as_pay_give_the_same_results(
    tiny: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where even the least work pays."""
    alone = simulate(tiny({}))
    assert alone == simulate(tiny({}), where=Where())
    monkeypatch.setattr(effort, "WORTHWHILE_S", 0.0)
    monkeypatch.setattr(effort, "processors", lambda: 2)
    assert alone == simulate(tiny({}), where=Where())
    assert [] == multiprocessing.active_children()


@pytest.mark.slow
def test_a_signal_ends_all_workers(tiny: Make) -> None:
    """What they have measured until then is left, and they are gone."""
    long = tiny({"duration": "5h", "replications": 2})

    def interrupt(reached: Reached) -> None:
        if reached.done_us:
            signal.raise_signal(signal.SIGINT)

    found = simulate(long, where=TWO, progress=interrupt)
    assert not found.complete
    assert 0 < found.windows[-1].at_us + found.window_us
    assert [] == multiprocessing.active_children()


def test_a_job_whose_workers_die_ends_the_run(tiny: Make) -> None:
    """When it is run again as well; in a sentence that blames nobody's scenario."""
    subject = Subject(scenario=tiny({}).scenario, name="doomed", digest="")
    with pytest.raises(RunError, match="a worker process died") as caught:
        carry_out([Doomed(subject)], TWO)
    assert (Blame.ENVIRONMENT, True) == (
        caught.value.blame,
        "--workers 1" in caught.value.hint,
    )
    assert [] == multiprocessing.active_children()


def test_a_mistake_travels_with_its_hint() -> None:
    """As a worker's would, which is told as if it had been found in this process."""
    mistake = UsageError("nobody can invite", hint="raise population.clients")
    here: object = pickle.loads(pickle.dumps(mistake))  # noqa: S301 - our own
    assert isinstance(here, UsageError)
    assert ("nobody can invite", mistake.hint) == (str(here), here.hint)
