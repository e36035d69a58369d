"""DynamoDB tables and S3 buckets, one class per shelf; each store owns its keys."""
