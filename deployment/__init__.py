"""What is built on a desk for AWS, and rehearsed there before a town trusts it; nothing of it is deployed."""
