"""A proof as one JSON document, and as annotations of a GitHub workflow."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from invitelab.errors import ExitCode
from invitelab.formats.command_output import LivingMutant, ProveOutput
from invitelab.formats.proof import MutantStatus, Proof
from invitelab.reporting.common.github import Annotation, AnnotationLevel
from invitelab.reporting.common.safe_document import safe_document
from invitelab.reporting.proof.summary import lines, reason, survivors, verdict


def prove_output(proof: Proof, page: Path | None, exit_code: ExitCode) -> ProveOutput:
    """The proof in short; `page` is its report, None where it was not written."""
    proof = safe_document(proof)
    word: Literal["PROVEN", "NOT PROVEN"] = "NOT PROVEN" if proof.findings else "PROVEN"
    killed = sum(one.status is MutantStatus.KILLED for one in proof.mutants)
    return ProveOutput(
        harness=proof.harness,
        exit_code=exit_code,
        suite=proof.suite,
        verdict=word,
        mutants=len(proof.mutants),
        killed=killed,
        survivors=tuple(
            LivingMutant(
                name=one.name,
                clause=one.clause,
                defect=one.defect,
                status=one.status.value,
                reason=reason(one),
            )
            for one in survivors(proof)
        ),
        conforming_variants=len(proof.conforming_variants),
        null_implementations=len(proof.null_implementations),
        scenarios=len(proof.scenarios),
        redundant=len(proof.redundant),
        findings=proof.findings,
        report=None if page is None else page.as_posix(),
    )


def proof_annotations(proof: Proof) -> Iterator[Annotation]:
    """The verdict with its figures, and each finding."""
    proof = safe_document(proof)
    level = AnnotationLevel.ERROR if proof.findings else AnnotationLevel.NOTICE
    message = "\n".join([verdict(proof), *lines(proof)])
    yield Annotation(level=level, title="invitelab prove", message=message)
    for finding in proof.findings:
        yield Annotation(level=AnnotationLevel.ERROR, title="finding", message=finding)
