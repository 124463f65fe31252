"""The command line of the sample, as a generated package has it."""

import sys

from kernel.sample import OPERATIONS, SCHEMES, Sample
from kernel.support.cli import main

if __name__ == "__main__":
    sys.exit(main("kernel", OPERATIONS, lambda: [Sample()], SCHEMES, ["loopback://here:0"]))
