"""Builds the deployment package for AWS, and tests the deployment on an emulated AWS. Not deployed itself."""
