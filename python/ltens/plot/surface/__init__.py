"""Pictures of surfaces of loss against several sizes."""
