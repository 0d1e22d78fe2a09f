"""Pictures of losses against size and of the laws fitted to them."""
