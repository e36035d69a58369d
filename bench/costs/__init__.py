"""Cost model of the portal on AWS: calls counted on real user journeys, an assumed load, list prices."""
