"""Calls steps, and tells what goes wrong in one of a user's own by file and line.

A step of the suite that raises something unforeseen is a bug of invitelab. One of a
user's own may raise anything, and says nothing about the implementation by it.
"""

import os
import traceback
from collections.abc import Callable
from pathlib import Path
from weakref import WeakKeyDictionary

from pytest_bdd.parser import Scenario, Step
from pytest_bdd.steps import StepFunctionContext

from invitelab.conformance.execution.outcomes import (
    ExpectationFailed,
    Inconclusive,
    NotApplicable,
)
from invitelab.conformance.execution.scenario_context import ScenarioContext
from invitelab.conformance.execution.step_limit import EndlessStepError, within_scenario
from invitelab.conformance.features.steps.registry import own_definitions, place_of
from invitelab.errors import (
    HarnessError,
    InvitelabError,
    OwnStepError,
    ScenarioTextError,
    one_line,
)
from invitelab.resources import feature_label, own_feature_files, own_file_label

ADVICE = 'raise ExpectationFailed("...") where the target is to blame'


def call_step(
    definition: StepFunctionContext, context: ScenarioContext, **arguments: object
) -> None:
    """Call a step.

    Raises what a step of the suite raises. Of one of a user's own: what ends a scenario
    by intention, and OwnStepError for anything else, SystemExit included, and for one
    that does not end within the scenario's limit.
    """
    if definition not in own_definitions():
        definition.step_func(context=context, **arguments)
        return
    endless = _endless.get(definition.step_func)
    if endless is not None:
        raise OwnStepError(endless)
    try:
        within_scenario(
            context.session,
            lambda: definition.step_func(context=context, **arguments),
        )
    except (ExpectationFailed, NotApplicable, Inconclusive, KeyboardInterrupt):
        raise
    except HarnessError as error:  # such as a person or a step that does not exist
        raise _told(definition, error, str(error)) from error
    except EndlessStepError as error:
        found = _told(definition, error, str(error))
        _endless[definition.step_func] = str(found)
        raise found from error
    except InvitelabError:
        raise
    except BaseException as error:
        why = f"{type(error).__name__}: {error}".removesuffix(": ")
        if isinstance(error, AssertionError):
            why = f"{why} ({ADVICE})"
        raise _told(definition, error, why) from error


def of_own_text(error: Exception, scenario: Scenario, step: Step) -> Exception:
    """The error; as one of the user's where a feature of their own has that step."""
    file = Path(scenario.feature.filename)
    if not isinstance(error, ScenarioTextError) or file not in own_feature_files():
        return error
    where = f"{feature_label(file)}:{step.line_number}"
    return OwnStepError(one_line(f"{where}: {error}"))


_endless: WeakKeyDictionary[Callable[..., object], str] = WeakKeyDictionary()
"""Steps that did not end once, and what was said of them: they are not called again, as
each call would take the whole limit of its scenario."""


def _told(
    definition: StepFunctionContext, error: BaseException, why: str
) -> OwnStepError:
    """The error with the place in the user's file, or in one beside it."""
    file, line = place_of(definition)
    folder = Path(file).parent
    if isinstance(error, EndlessStepError):
        stack = error.stack
    else:
        stack = traceback.extract_tb(error.__traceback__)
    for frame in stack:
        if Path(frame.filename).parent == folder:
            file, line = frame.filename, frame.lineno or line
    return OwnStepError(one_line(f"{own_file_label(file)}:{line}: {why}"))


def own_traceback(error: BaseException | None) -> str:
    """Where a step of a user's own went wrong, call by call, if INVITELAB_DEBUG is set.

    Empty for any other error.
    """
    cause = error.__cause__ if isinstance(error, OwnStepError) else None
    if cause is None or not os.environ.get("INVITELAB_DEBUG"):
        return ""
    return "".join(traceback.format_exception(cause, chain=False))
