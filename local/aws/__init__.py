"""The desk's emulated AWS: moto made atomic, its Lambda led to our own handlers."""
