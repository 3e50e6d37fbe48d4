"""rumpus: the command. Finds the verbs, runs one, and turns what went wrong into sentences and exit codes."""

import importlib
import inspect
import os
import pkgutil
import sys
from typing import Annotated

import typer

from rumpus import __version__

from .. import cli
from . import _output
from ._failure import OK, WRONG_USE, Failure

_INTERRUPTED = 130

# What Typer raises for a wrong command line; it has no public name of its own.
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]


def _about(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", metavar="", help="Print the version of this program.")
    ] = False,
) -> None:
    """Drive, watch and simulate appliances that speak RUMP: water heaters, air conditioners, refrigerators
    and microwave ovens.

    Exit codes: 0 ok, 1 refused by the device, 2 wrong use, 3 unreachable, 4 outcome unknown.

    Begin with: rumpus sim water_heater
    """
    if version:
        print(f"rumpus {__version__}")
    elif context.invoked_subcommand is None:
        print(context.get_help())


def make_app() -> typer.Typer:
    """The Typer application with a command for each verb's file in this folder."""
    app = typer.Typer(rich_markup_mode="rich", pretty_exceptions_enable=False)
    app.callback(invoke_without_command=True, help=help_text(_about.__doc__))(_about)
    verbs = [
        (verb, importlib.import_module(f"{cli.__name__}.{verb.replace('-', '_')}")) for verb in verb_names()
    ]
    for verb, module in sorted(verbs, key=lambda pair: (pair[1].PANEL, pair[0])):
        app.command(verb, help=help_text(module.run.__doc__), rich_help_panel=module.PANEL)(module.run)
    return app


def help_text(doc: str | None) -> str:
    """A docstring for the help: lines of a paragraph are joined, indented lines (examples) are kept."""
    paragraphs = inspect.cleandoc(doc or "").split("\n\n")
    return "\n\n".join(text if text.startswith(" ") else " ".join(text.split()) for text in paragraphs)


def verb_names() -> list[str]:
    names = [module.name for module in pkgutil.iter_modules(cli.__path__)]
    return [name.replace("_", "-") for name in names if not name.startswith("_") and name != "main"]


def main() -> int:
    """Run the command line of this process; returns the exit code."""
    as_json = "--json" in sys.argv
    _output.make_printable()
    try:
        answer = make_app()(standalone_mode=False)
        sys.stdout.flush()
        return answer if isinstance(answer, int) else OK
    except Failure as failure:
        _output.print_failure(failure, as_json)
        return failure.exit_code
    except _UsageError as error:
        _output.print_failure(_wrong_usage(error), as_json)
        return WRONG_USE
    except (KeyboardInterrupt, typer.Abort):
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader has gone (watch | head): that is how it says that it has enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def _wrong_usage(error: Exception) -> Failure:
    """Typer's own complaint, as everybody else's."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "rumpus"
    text = error.format_message()  # type: ignore[attr-defined]
    return Failure(WRONG_USE, "wrong_use", " ".join(text.split()), f"See: {command} --help")


if __name__ == "__main__":
    sys.exit(main())
