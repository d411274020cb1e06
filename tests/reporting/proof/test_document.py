"""A proof as a document, and as annotations."""

from pathlib import Path

from invitelab.errors import ExitCode
from invitelab.formats.proof import Proof
from invitelab.reporting.common.github import AnnotationLevel
from invitelab.reporting.proof.document import proof_annotations, prove_output
from invitelab.reporting.proof.markdown import markdown
from invitelab.reporting.proof.summary import lines


def test_totals_and_survivors_are_in_the_document(
    proven: Proof, failed_proof: Proof
) -> None:
    """With the findings and the page."""
    found = prove_output(proven, Path("p/report.html"), ExitCode.CONFORMANT)
    assert ("PROVEN", (), "p/report.html") == (
        found.verdict,
        found.findings,
        found.report,
    )
    assert found.mutants == found.killed + len(found.survivors)
    failed = prove_output(failed_proof, None, ExitCode.NON_CONFORMANT)
    assert ("NOT PROVEN", 1) == (failed.verdict, failed.exit_code)
    assert failed_proof.findings == failed.findings
    assert all(one.reason for one in failed.survivors)


def test_each_finding_is_an_error(proven: Proof, failed_proof: Proof) -> None:
    """A proof is a notice with its figures."""
    (only,) = proof_annotations(proven)
    assert AnnotationLevel.NOTICE is only.level
    assert all(line in only.message for line in lines(proven))
    _, *findings = proof_annotations(failed_proof)
    assert len(failed_proof.findings) == len(findings)
    assert {AnnotationLevel.ERROR} == {one.level for one in findings}


def test_on_stdout_no_picture_is_linked(proven: Proof) -> None:
    """There is no folder that it could be in."""
    assert "![" in markdown(proven)
    assert "![" not in markdown(proven, has_picture=False)
