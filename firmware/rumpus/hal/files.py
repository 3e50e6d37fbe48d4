"""Small files that survive a power cut: old or new, never a mixture. The same on all interpreters."""

import os


class Files:
    """Files in one folder of the board's file system."""

    def __init__(self, folder):
        self.folder = folder
        self.errors = 0  # writes that the file system refused (full, or read-only while USB has it)

    def _path(self, name):
        return self.folder + "/" + name

    def load(self, name):
        """The bytes of a file, or None."""
        try:
            with open(self._path(name), "rb") as file:
                return file.read()
        except OSError:
            return None

    def save(self, name, data):
        """Replace a file by writing a new one beside it and renaming."""
        try:
            with open(self._path(name + ".new"), "wb") as file:
                file.write(data)
            os.rename(self._path(name + ".new"), self._path(name))
        except OSError:
            self.errors += 1


class Slots:
    """Records of one size in one file, each written in place; the user guards against torn ones."""

    def __init__(self, files, name):
        self._files = files
        self._name = name
        self._size = 0

    def load(self, n, size):
        """The n records, None where there is none."""
        self._size = size
        data = self._files.load(self._name) or b""
        if len(data) != n * size:
            data = bytes(n * size)
            self._files.save(self._name, data)
        return [data[i * size : (i + 1) * size] for i in range(n)]

    def save(self, slot, record):
        """Write one record; it is durable when this returns."""
        try:
            with open(self._files._path(self._name), "r+b") as file:
                file.seek(slot * self._size)
                file.write(record)
        except OSError:
            self._files.errors += 1
