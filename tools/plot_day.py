"""A day of virtual time of a virtual appliance, plotted: temperatures, outputs, alarms.

    python3 tools/plot_day.py DAY [--out x.png] [--begin 0] [--end 24] [--interpreter micropython32]

DAY is a name in host/rumpus_host/bench/days.py: an appliance type, or air_conditioner_winter. The firmware
runs on a real MicroPython; a day takes about a minute.
"""

import argparse
import asyncio
import itertools
import os
import sys

import environment

LANE = 0.8  # of an output's row that its level 1.0 fills
COLOURS = ("tab:red", "tab:blue", "tab:green", "tab:purple", "tab:orange", "tab:brown", "tab:cyan")


def plot(day, out: str) -> None:
    """Draw a Day into a file."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    windows = [
        window
        for window in day.scenario.windows
        if window[0] * 3600 < day.end_s and day.begin_s < window[1] * 3600
    ] or [(day.begin_s / 3600, day.end_s / 3600)]
    others = [name for name in day.values if "(" in name]
    lanes = [role for role, edges in day.edges.items() if len(edges) > 1]
    has_second = bool(others) or "power_now" in day.status
    heights = [3.5, *([1.2] if has_second else []), 0.28 * max(len(lanes), 1), 0.4]
    figure, grid = plt.subplots(
        len(heights),
        len(windows),
        figsize=(15, 10),
        sharex="col",
        sharey="row",
        squeeze=False,
        gridspec_kw={"height_ratios": heights, "hspace": 0.06, "wspace": 0.06},
    )
    name = day.scenario.type.replace("_", " ").capitalize()
    figure.suptitle(f"{name}: {day.scenario.title}", y=0.91)
    for column, (begin, end) in enumerate(windows):
        axes = [row[column] for row in grid]
        draw_temperatures(axes[0], day)
        if has_second:
            draw_others(axes[1], day, others)
        draw_outputs(axes[-2], day, lanes)
        draw_alarms(axes[-1], day)
        axes[-1].set_xlim(max(begin, day.begin_s / 3600), min(end, day.end_s / 3600))
        axes[-1].set_xlabel("hour of the day")
        if end - begin > 12:
            axes[-1].set_xticks(range(0, 25, 3))
        for axis in axes:
            axis.grid(alpha=0.3)
    grid[0][-1].legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=8)
    if others:
        grid[1][0].legend(loc="upper left", fontsize=7)
    grid[0][0].set_ylabel("°C")
    figure.savefig(out, dpi=110, bbox_inches="tight")
    from PIL import Image

    with Image.open(out) as picture:  # a tenth of the colours, a third of the size
        picture.quantize(64).save(out, optimize=True)


def draw_temperatures(axis, day) -> None:
    hours = [second / 3600 for second in day.times]
    names = [name for name in day.values if "(" not in name]
    for name, colour in zip(names, COLOURS, strict=False):
        axis.plot(hours, day.values[name], label=name, color=colour, linewidth=1)
    for name in ("target_temperature", "chamber_target", "fridge_set", "freezer_set"):
        if name in day.status:
            counts = [None if value is None else value / 10 for value in day.status[name]]
            axis.plot(hours, counts, label=name, color="black", linewidth=0.7, linestyle=":")
    for happening in day.scenario.happenings:
        if happening.words and day.begin_s <= happening.second < day.end_s:
            hour = happening.second / 3600
            axis.axvline(hour, color="grey", linewidth=0.4)
            patch = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 0.6}
            text = {
                "rotation": 90,
                "fontsize": 6,
                "va": "top",
                "ha": "center",
                "clip_on": True,
                "bbox": patch,
            }
            if hour - day.begin_s / 3600 < 0.1:
                text["ha"] = "left"
            axis.text(hour, 0.99, happening.words, transform=axis.get_xaxis_transform(), **text)


def draw_others(axis, day, names: list[str]) -> None:
    hours = [second / 3600 for second in day.times]
    for name, colour in zip(names, COLOURS, strict=False):
        axis.plot(hours, day.values[name], label=name, color=colour, linewidth=1)
    power = day.status.get("power_now") or day.status.get("heating_power")
    if power:
        twin = axis.twinx()
        twin.fill_between(hours, power, color="grey", alpha=0.25, step="post", linewidth=0)
        twin.set_ylabel("W", fontsize=8)


def draw_outputs(axis, day, lanes: list[str]) -> None:
    for row, role in enumerate(lanes):
        full = 1000 if max(level for _, level in day.edges[role]) > 1 else 1
        edges = [*day.edges[role], (day.end_s, 0)]
        hours = [second / 3600 for second, _ in edges]
        levels = [row + LANE * level / full for _, level in edges]
        axis.fill_between(hours, row, levels, step="post", color=COLOURS[row % len(COLOURS)], linewidth=0.4)
    axis.set_yticks([row + LANE / 2 for row in range(len(lanes))], lanes, fontsize=7)
    axis.set_ylim(-0.1, len(lanes))


def draw_alarms(axis, day) -> None:
    names = sorted({name for _, active in day.alarms for name in active})
    edges = [*day.alarms, (day.end_s, [])]
    for row, name in enumerate(names):
        for (since, active), (until, _) in itertools.pairwise(edges):
            if name in active:
                axis.barh(row + 0.5, (until - since) / 3600, left=since / 3600, height=LANE, color="crimson")
    axis.set_yticks([row + 0.5 for row in range(len(names))] or [0.5], names or ["no alarms"], fontsize=7)
    axis.set_ylim(0, max(len(names), 1))


def main() -> int:
    environment.enter()
    import get_micropython

    from rumpus_host.bench import days

    parser = argparse.ArgumentParser(description="Plot a day of a virtual appliance.")
    parser.add_argument("day", choices=days.SCENARIOS)
    parser.add_argument("--out", help="the picture; default DAY.png")
    parser.add_argument("--begin", type=float, default=0.0, help="hour of the day")
    parser.add_argument("--end", type=float, default=24.0, help="hour of the day")
    parser.add_argument(
        "--interpreter", default="micropython", choices=("micropython", "micropython32", "cpython")
    )
    arguments = parser.parse_args()
    try:
        if arguments.interpreter == "micropython":
            os.environ.setdefault("MICROPYTHON", str(get_micropython.find(64)))
        elif arguments.interpreter == "micropython32":
            os.environ.setdefault("MICROPYTHON32", str(get_micropython.find(32)))
    except get_micropython.NotFound as error:
        sys.exit(str(error))
    wishes = {"begin": arguments.begin, "end": arguments.end, "interpreter": arguments.interpreter}
    day = asyncio.run(days.live(arguments.day, **wishes))
    out = arguments.out or f"{arguments.day}.png"
    plot(day, out)
    print(f"{out}: {(day.end_s - day.begin_s) / 3600:g} hours, {len(day.alarms)} alarm edges")
    return 0


if __name__ == "__main__":
    sys.exit(main())
