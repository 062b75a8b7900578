"""What this app's promises are called in the outbox. The values stand in stored rows, so they never change."""

SCAN_FILE = "files.scan"
MAKE_PREVIEWS = "files.make_previews"
REMOVE_CONTENTS = "files.remove_contents"
