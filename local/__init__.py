"""The local stack for development: emulated AWS, fake Paybox, mailbox and demo town. Never deployed."""
