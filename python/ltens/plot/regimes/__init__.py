"""Pictures of the four regimes."""
