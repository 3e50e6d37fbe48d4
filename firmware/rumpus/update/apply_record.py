"""What dcmp/apply.py keeps of an apply that is going on: some bytes in a record."""

_NAME = "applying"


class ApplyRecord:
    """files: Files of the folder that the slots are in."""

    def __init__(self, files):
        self._files = files

    def load(self):
        return self._files.load(_NAME) or None

    def save(self, raw):
        return self._files.save(_NAME, raw)

    def clear(self):
        self._files.save(_NAME, b"")
