"""The demo's own command line; tools/demo.py sets everything up and calls main()."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from rumpus_host.bench.interpreters import InterpreterNotFound, find

from . import story
from .stage import CAST, Stage
from .view import LiveView, story_line

# Virtual seconds per real second in the live view: the whole story takes some three minutes.
TIME_SCALE = 60.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the demo; 0 when every step passed."""
    parser = argparse.ArgumentParser(
        prog="demo.py",
        description="Four virtual appliances: the real firmware under a real MicroPython, with physics "
        "behind its pins, on your own machine.",
    )
    parser.add_argument(
        "--once", action="store_true", help="play the story as fast as it goes, check it, end"
    )
    parser.add_argument("--json", action="store_true", help="print what happened as JSON (with --once)")
    parser.add_argument("--time-scale", type=float, default=TIME_SCALE, metavar="N",
                        help="virtual seconds per second in the live view (default %(default)g)")  # fmt: skip
    options = parser.parse_args(arguments)
    if options.json and not options.once:
        parser.error("--json goes with --once")
    if options.time_scale <= 0:
        parser.error("--time-scale must be above 0")
    # With --json, stdout is for the JSON alone.
    console = Console(stderr=options.json)
    try:
        return asyncio.run(_play(options, console))
    except KeyboardInterrupt:
        console.print("\nThe appliances are switched off. Goodbye.")
        return 0


async def _play(options: argparse.Namespace, console: Console) -> int:
    live = console.is_terminal and not options.once
    interpreter = _interpreter(console)
    async with Stage(options.time_scale if live else None) as stage:
        await _raise_curtain(stage, interpreter, console)
        if live:
            await _play_live(stage, console)
        else:
            await _play_plain(stage, console)
        report = _report(stage)
    if options.json:
        print(json.dumps(report, indent=2))
    console.print(f"{report['passed']} steps passed, {report['failed']} failed")
    return 1 if report["failed"] else 0


def _interpreter(console: Console) -> str:
    try:
        find("micropython")
    except InterpreterNotFound as error:
        console.print(f"[bold red]No MicroPython here: {error}[/]")
        console.print("[bold red]The appliances run under CPython instead, which proves much less.[/]")
        return "cpython"
    return "micropython"


async def _raise_curtain(stage: Stage, interpreter: str, console: Console) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("starting the appliances", total=len(CAST))
        for type_name in CAST:
            progress.update(task, description=f"starting the {type_name.replace('_', ' ')}")
            await stage.add(type_name, interpreter)
            progress.advance(task)


async def _play_live(stage: Stage, console: Console) -> None:
    """The story, and then the appliances go on until Ctrl-C."""
    with LiveView(stage, console) as view:
        view.hint = _hint(stage)
        await story.play(stage)
        stage.scene = "the story is over; the appliances go on. Ctrl-C ends."
        while True:
            await stage.advance(5000)
            for actor in stage.actors.values():
                actor.show(await actor.client.status())


def _hint(stage: Stage) -> str:
    url = stage.actors["air_conditioner"].appliance.url
    python = sys.executable.rsplit("/", 1)[0]
    return f" Try in another terminal:  {python}/rumpus watch {url}\n {python}/rumpus set {url} target_temperature=20"


async def _play_plain(stage: Stage, console: Console) -> None:
    """One line a step, as it ends."""
    told = 0

    def tell() -> None:
        nonlocal told
        while told < len(stage.steps) and stage.steps[told].passed is not None:
            console.print(story_line(stage.steps[told]), soft_wrap=True)
            told += 1

    stage.on_change = tell
    await story.play(stage)


def _report(stage: Stage) -> dict:
    devices = [
        {
            "type": actor.type,
            "url": actor.appliance.url,
            "device_id": actor.client.device_id.hex(),
            "carrier": actor.appliance.carrier,
            "interpreter": actor.appliance.interpreter.name,
            "interpreter_version": actor.appliance.interpreter.version,
            "state": actor.state,
            "alarm_edges": actor.alarms_seen,
        }
        for actor in stage.actors.values()
    ]
    steps = [
        {
            "scene": step.scene,
            "device": step.device,
            "step": step.text,
            "passed": bool(step.passed),
            "detail": step.detail,
            "virtual_s": step.virtual_s,
        }
        for step in stage.steps
    ]
    passed = sum(step["passed"] for step in steps)
    return {
        "devices": devices,
        "steps": steps,
        "passed": passed,
        "failed": len(steps) - passed,
        "virtual_s": stage.virtual_ms / 1000,
    }
