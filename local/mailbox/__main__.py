"""`python -m local.mailbox --port 8003`: the mailbox with an AWS that is not ours; it can show no mail."""

import argparse

from local.mailbox.server import serve_mailbox


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.mailbox", description="La boîte aux lettres du bureau.")
    parser.add_argument("--port", type=int, required=True)
    serve_mailbox(parser.parse_args().port, None).serve_forever()


if __name__ == "__main__":
    main()
