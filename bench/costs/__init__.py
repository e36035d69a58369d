"""What the portal costs: AWS calls counted on the app's own journeys, a stated load, stated prices."""
