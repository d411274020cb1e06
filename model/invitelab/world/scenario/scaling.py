"""A scenario at another size: so many times the clients, arrivals and workers.

Everything that a user notices stays about the same: each client has as many
invitations, and each worker of the relay as many messages.
"""

from dataclasses import replace

from pydantic import ValidationError

from invitelab.errors import UsageError
from invitelab.world.scenario.file import Loaded
from invitelab.world.scenario.parts import Arrivals, Closed, Poisson, Relay, Stage
from invitelab.world.scenario.schema import Scenario, Trace


def scaled(loaded: Loaded, factor: int) -> Loaded:
    """The scenario with `factor` times the clients, the arrivals and the relay.

    Raises UsageError for a trace, whose arrivals are what they are, and for a scenario
    that would be too large.
    """
    if factor == 1:
        return loaded
    scenario, arrivals = loaded.scenario, loaded.scenario.arrivals
    if isinstance(arrivals, Trace):
        msg = f"--scale {factor} cannot make more arrivals of a trace than it has"
        raise UsageError(msg, hint="choose a scenario with other arrivals")
    population = scenario.population
    larger = scenario.model_copy(
        update={
            "population": population.model_copy(
                update={"clients": population.clients * factor}
            ),
            "arrivals": _arrivals(arrivals, factor),
            "relay": _relay(scenario.relay, factor),
        }
    )
    try:
        checked = Scenario.model_validate(larger.document())
    except ValidationError as error:
        mistake = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in mistake["loc"])
        reason = mistake["ctx"]["error"] if "ctx" in mistake else mistake["msg"]
        msg = f"with --scale {factor}, {where} {reason}"
        raise UsageError(msg, hint="choose a smaller factor") from None
    return replace(loaded, scenario=checked)


def _arrivals(arrivals: Arrivals, factor: int) -> Arrivals:
    if isinstance(arrivals, Poisson):
        return arrivals.model_copy(update={"rate": arrivals.rate * factor})
    if isinstance(arrivals, Closed):
        return arrivals.model_copy(update={"helpers": arrivals.helpers * factor})
    assert not isinstance(arrivals, Trace), "refused above"
    stages = tuple(_stage(stage, factor) for stage in arrivals.stages)
    return arrivals.model_copy(update={"stages": stages})


def _stage(stage: Stage, factor: int) -> Stage:
    rates = {"rate": stage.rate, "begin": stage.begin, "end": stage.end}
    return stage.model_copy(
        update={
            name: None if rate is None else rate * factor
            for name, rate in rates.items()
        }
    )


def _relay(relay: Relay, factor: int) -> Relay:
    update = {
        "servers": relay.servers * factor,
        "queue": None if relay.queue is None else relay.queue * factor,
        "memory": None if relay.memory is None else relay.memory * factor,
    }
    return relay.model_copy(update=update)
