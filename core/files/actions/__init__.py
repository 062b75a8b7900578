"""What is done with files. Each act: door, rule, write, audit, outbox, in one transaction; bytes lie in the store before a row speaks of them."""

from core.files.actions.files import keep_file, remove_file, sealed
from core.files.actions.uploads import begin_upload, drop_upload, receive_part

__all__ = ["begin_upload", "drop_upload", "keep_file", "receive_part", "remove_file", "sealed"]
