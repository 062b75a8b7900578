"""The colours of boards. Each is read by everybody on white paper (a contrast of 4.5 to 1 and more), and they differ in lightness, too."""

COLOURS = ("#1f2937", "#b91c1c", "#b45309", "#15803d", "#0f766e", "#1d4ed8", "#7e22ce", "#be185d")
NOTES = ("#fff4bf", "#ffe1e1", "#ffe8cc", "#ddf5e3", "#d6f3ef", "#dfe8ff", "#efe1fb", "#fde1ef")
PAPER, LINES, MARK = "#ffffff", "#d5dde8", "#2563eb"
