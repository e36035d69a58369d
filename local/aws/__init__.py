"""The local emulated AWS: moto, with one lock around each request, and Lambda that runs our own handlers."""
