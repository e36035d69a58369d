"""`python -m bench`: run every benchmark in turn, each in a process of its own."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
HELPERS = {"canned", "measuring", "memory_cloud"}


def main() -> None:
    for program in sorted({path.stem for path in HERE.glob("[a-z]*.py")} - HELPERS):
        print(f"\n== {program} ==", flush=True)
        subprocess.run([sys.executable, "-m", f"bench.{program}"], check=True)


if __name__ == "__main__":
    main()
