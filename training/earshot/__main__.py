"""Train what the engine `earshot` ships: `EARSHOT_LABELLED=folder python -m training.earshot --write`.

Needs `training/earshot/requirements.txt` and the folder of labelled posts (docs/models/earshot.md names the sets).
On one core that multiplies bfloat16 English takes about half an hour and the other languages 13 minutes.
"""

import argparse

from training.earshot import measure, train


def main() -> None:
    """As the module says."""
    parser = argparse.ArgumentParser(prog="training.earshot", description=__doc__)
    parser.add_argument("--write", action="store_true", help="replace the shipped files, and measure them")
    parser.add_argument("--only", choices=("english", "tongues"), help="train one of the two networks")
    parser.add_argument("--leave-out", type=int, choices=(0, 1, 2), metavar="GROUP", help="industries to measure on")
    options = parser.parse_args()
    train.run(options.only, options.leave_out, options.write)
    if options.write:
        measure.run()


if __name__ == "__main__":
    main()
