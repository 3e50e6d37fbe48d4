"""A flash in memory, written in Python, that loses power at its k-th operation; for MicroPython.

littlefs: erased and programmed like NOR flash. fat: sectors written over. An operation that the power does
not last for is not done, or only its first half is, or only its second half.
"""

LITTLEFS = "littlefs"
NOT_DONE, FIRST_HALF, SECOND_HALF = WAYS = range(3)
NEVER = 1 << 29
EIO = 5


class Flash:
    """system: littlefs or fat. left: operations until the power goes. After that everything fails, without
    allocating: what the interpreter finds unclosed when it collects garbage is closed with the heap locked."""

    def __init__(self, system, block_size, blocks, image=None):
        self.is_littlefs = system == LITTLEFS
        self.block_size = block_size
        self.blocks = blocks
        self.data = bytearray(image or b"\xff" * (blocks * block_size))
        self.left = NEVER
        self.way = NOT_DONE
        self.operations = 0
        self.erasures = [0] * blocks

    def again(self):
        """The same flash with the power back: another object, so that what was open cannot reach it."""
        again = Flash(LITTLEFS if self.is_littlefs else "fat", self.block_size, self.blocks, self.data)
        again.operations = self.operations
        return again

    def _change(self, at, new):
        """Put new at data[at:], or as much of it as the power lasts for; 0 or an error number."""
        self.left -= 1
        self.operations += 1
        if self.left:
            self.data[at : at + len(new)] = new
            return 0
        half = len(new) // 2
        if self.way == FIRST_HALF:
            self.data[at : at + half] = new[:half]
        elif self.way == SECOND_HALF:
            self.data[at + half : at + len(new)] = new[half:]
        return -EIO

    def readblocks(self, block, buf, offset=0):
        if self.left <= 0:
            return -EIO
        at = block * self.block_size + offset
        buf[:] = self.data[at : at + len(buf)]
        return 0

    def writeblocks(self, block, buf, offset=0):
        if self.left <= 0:
            return -EIO
        at = block * self.block_size + offset
        new = bytearray(buf)
        if self.is_littlefs:  # programming only clears bits
            for i in range(len(new)):
                new[i] &= self.data[at + i]
            return self._change(at, new)
        for start in range(0, len(new), self.block_size):
            if self.left <= 0 or self._change(at + start, new[start : start + self.block_size]):
                return -EIO
        return 0

    def ioctl(self, operation, block):
        if operation == 4:
            return self.blocks
        if operation == 5:
            return self.block_size
        if operation != 6 or not self.is_littlefs:
            return 0
        if self.left <= 0:
            return -EIO
        self.erasures[block] += 1
        return self._change(block * self.block_size, b"\xff" * self.block_size)
