"""`python -m local.child_process MODULE …`: runs a module in a child process that exits with its parent.

The parent holds the other end of our standard input: however it ends, even killed, the pipe closes and we exit.
"""

import os
import runpy
import sys
import threading


def main() -> None:
    module, *arguments = sys.argv[1:]
    threading.Thread(target=exit_when_stdin_closes, daemon=True).start()
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def exit_when_stdin_closes() -> None:
    while os.read(0, 1024):
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
