#!/usr/bin/env python3
"""The simulator beside exact theory: fifty random parameter sets, with verdicts.

    python benchmarks/truths.py [--quick] [--biased draw|timer] [--output FILE]

Compared are the shares of the four ends and the mean time to a decision with competing
risks, the number pending with M/G/oo, waits with M/M/c and M/D/c, and Little's law with
itself. The modules are in `known_truths/`: the formulas in `theory.py`, the sets in
`parameter_sets.py`, the two faulty simulators in `biased.py`.
"""

import runpy
from pathlib import Path

if __name__ == "__main__":
    runpy.run_path(
        str(Path(__file__).resolve().parent / "known_truths"), run_name="__main__"
    )
