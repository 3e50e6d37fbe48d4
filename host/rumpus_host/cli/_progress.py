"""A progress bar for a transfer; nothing where nobody looks."""

import contextlib
import sys
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def bar(title: str, is_silent: bool) -> Iterator[Callable[[int, int], None]]:
    """A function that is told (bytes done, bytes in all). On stderr, so that stdout is only the answer."""
    if is_silent or not sys.stderr.isatty():
        yield lambda _done, _size: None
        return
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    from . import _output

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=_output.console(stderr=True), transient=True) as progress:
        task = progress.add_task(title, total=None)

        def told(done: int, size: int) -> None:
            if size:
                progress.update(task, total=size, completed=done)

        yield told
