"""A rehearsal of the deployment: the very bundle, on an emulated AWS that enforces IAM, driven from outside."""
