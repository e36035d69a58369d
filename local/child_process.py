"""`python -m local.leash MODULE …`: runs a program of the desk for as long as whoever started it lives.

The starter holds the other end of our standard input: however it ends, even killed, that end closes and we end too.
"""

import os
import runpy
import sys
import threading


def main() -> None:
    module, *arguments = sys.argv[1:]
    threading.Thread(target=end_with_starter, daemon=True).start()
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def end_with_starter() -> None:
    while os.read(0, 1024):
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
