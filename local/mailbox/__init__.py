"""The desk's mailbox: every mail that the emulated SES accepted, to be read instead of received."""
