"""Domain rules and frozen pydantic models: no clock, no AWS, no French sentence."""
