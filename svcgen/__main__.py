"""``python -m svcgen``."""

from svcgen.cli.main import main

if __name__ == "__main__":
    main()
