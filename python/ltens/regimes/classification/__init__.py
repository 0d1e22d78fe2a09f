"""Which regime a curve is in, and how often that verdict is right."""
