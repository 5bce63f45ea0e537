"""The command `modelsync`, and `python -m modelsync`."""

import sys


def main() -> None:
    """Run the command line and exit, also if it is interrupted during the imports."""
    try:
        from modelsync.cli import main as run  # noqa: PLC0415 - an interrupt here needs no traceback
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
