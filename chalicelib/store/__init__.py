"""DynamoDB tables and S3 buckets: one class per table or bucket; each store owns its keys."""
