"""What the tests share: paths through the kernel, memory layouts, planted answers, small sweeps."""
