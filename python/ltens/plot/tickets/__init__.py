"""Pictures of the inside of trained networks."""
