"""Pictures of how networks train."""
