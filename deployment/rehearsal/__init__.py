"""End-to-end test of the deployment: the real bundle on an emulated AWS that enforces IAM, driven over HTTP."""
