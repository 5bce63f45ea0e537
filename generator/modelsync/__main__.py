"""The command `modelsync`, and `python -m modelsync`."""

import sys


def main() -> None:
    """Run the command line and exit, also where an interrupt comes before all is imported."""
    try:
        from modelsync.cli import main as run  # noqa: PLC0415
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
