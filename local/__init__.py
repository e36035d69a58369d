"""The cloud on one's desk: emulated AWS, fake Paybox, mailbox and demo town. Never deployed."""
