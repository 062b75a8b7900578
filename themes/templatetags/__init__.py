"""Tags of the design system; load with {% load themes %}."""
