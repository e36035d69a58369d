"""Pure rules and frozen models: no clock, no cloud, no French sentence."""
