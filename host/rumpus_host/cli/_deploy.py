"""What the verbs for boards share: their options, their errors, and what they show while they work."""

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from . import _output
from ._failure import REFUSED, UNREACHABLE, WRONG_USE, Failure, wrong_use

if TYPE_CHECKING:
    from ..boards.load import Board

Port = Annotated[
    str | None,
    typer.Option(
        "--port", metavar="PORT", help="Such as /dev/ttyUSB0 or COM3. Default: the only USB port there is."
    ),
]
BoardName = Annotated[str, typer.Option("--board", metavar="BOARD", help="A name that rumpus boards lists.")]
Appliance = Annotated[str, typer.Option("--appliance", metavar="TYPE", help="Such as water_heater.")]

_EXIT_CODES = {"use": WRONG_USE, "reach": UNREACHABLE, "refused": REFUSED}


@contextlib.contextmanager
def told() -> Iterator[None]:
    """A DeployError in the body as a Failure."""
    from ..boards.load import BoardError
    from ..deploy.build import BuildError
    from ..deploy.problem import CODES, DeployError

    try:
        yield
    except DeployError as error:
        code = _EXIT_CODES[CODES[error.code]]
        raise Failure(code, error.code, error.message, error.next) from None
    except BoardError as error:
        raise wrong_use(str(error), error.next) from None
    except BuildError as error:
        raise wrong_use(str(error)) from None


def board_named(text: str) -> "Board":
    """Raises Failure."""
    from ..boards import load

    with told():
        return load.board(text.strip().lower().replace("-", "_"))


_WIDTH = 46


def _wide(text: str) -> str:
    """As wide as every other text beside a bar; of a long one its end."""
    return (text if len(text) <= _WIDTH else "…" + text[1 - _WIDTH :]).ljust(_WIDTH)


class Show:
    """What is being done, as lines on stderr, and a bar for what takes long. Nothing with --json."""

    def __init__(self, is_quiet: bool) -> None:
        from rich.progress import BarColumn, Progress, TextColumn

        self._console = _output.console(stderr=True)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:3.0f} %"),
            console=self._console,
            disable=is_quiet or not self._console.is_terminal,
            transient=True,
        )
        self._is_quiet = is_quiet
        self._task = None

    def __enter__(self) -> "Show":
        self._bar.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._bar.stop()

    def say(self, text: str) -> None:
        """A line; files of a slot move the bar instead of making a line each."""
        if self._task is not None and text.startswith("write "):
            self._bar.update(self._task, description=_wide(text))
        elif not self._is_quiet:
            self._console.print(text, markup=False)

    def begin(self, total: float) -> Callable[[float], None]:
        """A bar of total; what it returns is told how much more is done."""
        self._task = task = self._bar.add_task(_wide("write"), total=total or 1)
        return lambda more: self._bar.update(task, advance=more)

    def percent(self) -> Callable[[float], None]:
        """A bar that is told how far it is, of 100."""
        task = self._bar.add_task(_wide("write the interpreter"), total=100)
        return lambda at: self._bar.update(task, completed=at, visible=at < 100)
