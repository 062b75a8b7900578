"""The design system: templates, components, styles, scripts."""
