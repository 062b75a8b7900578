"""The icon that stands for each kind of file and resource, wherever one is listed."""

ICONS = {
    "picture": "image", "pdf": "file-text", "audio": "file-audio", "video": "file-video", "score": "music", "document": "file-text",
    "slides": "presentation", "sheet": "table", "text": "file-text", "link": "link", "cards": "layers", "dice": "dices", "other": "file",
}  # fmt: skip
