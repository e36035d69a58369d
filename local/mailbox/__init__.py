"""The local mailbox: a web page of every mail that the emulated SES accepted, instead of sending it."""
