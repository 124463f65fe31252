"""The command line of the sample, as a generated package has it."""

import sys

from kernel.sample import OPERATIONS, SCHEMES, Sample
from kernel.support.cli import main
from kernel.support.settings import ServerSettings

if __name__ == "__main__":
    sys.exit(
        main(
            "kernel",
            OPERATIONS,
            lambda: ([Sample()], ServerSettings()),
            SCHEMES,
            ["loopback://here:0"],
        )
    )
