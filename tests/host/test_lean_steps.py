"""Steps of the lean build, each on a program of a few lines that is run before and after it."""

import ast
import textwrap

import pytest

from rumpus_host.deploy.lean import apart, constants, decided, flatten, shorten
from rumpus_host.deploy.lean.merge import MERGED


def units(main: str, **late: str) -> dict[str, ast.Module]:
    """The one module and late files, as the steps take them."""
    found = {MERGED: ast.parse(textwrap.dedent(main))}
    for name, text in late.items():
        found[f"rumpus/{name}.py"] = ast.parse(textwrap.dedent(text))
    return found


def run(tree: ast.Module) -> dict:
    names: dict = {}
    exec(compile(ast.fix_missing_locations(tree), "lean", "exec"), names)
    return names


def classes(tree: ast.Module) -> list[str]:
    return [node.name for node in tree.body if isinstance(node, ast.ClassDef)]


# --- a class with one class below it --------------------------------------------------------------------

FAMILY = """
class First:
    KIND = "first"
    def __init__(self, n):
        self.n = n
    def told(self):
        return [self.KIND, self.n, self.more()]
    def more(self):
        return "nothing"
    def kept(self):
        return "kept"

class Second(First):
    KIND = "second"
    def __init__(self, n):
        super().__init__(n + 1)
        self.m = n
    def told(self):
        return super().told() + [self.m]
    def more(self):
        return super().kept()

def made(n):
    return Second(n)

def is_one(thing):
    return isinstance(thing, First)
"""


def test_a_class_and_the_one_below_it_become_one():
    before = run(ast.parse(FAMILY))
    tree = flatten.flattened(units(FAMILY), ["made", "is_one"])[MERGED]
    assert classes(tree) == ["Second"]
    after = run(tree)
    assert after["made"](4).told() == before["made"](4).told() == ["second", 5, "kept", 4]
    assert after["is_one"](after["made"](1)) and not after["is_one"](1)


@pytest.mark.parametrize(
    "more",
    (
        "class Third(First):\n    pass\n",
        "def first():\n    return First(1)\n",
        "ALL = (First, Second)\n",
    ),
    ids=("two below it", "objects of its own", "kept somewhere"),
)
def test_a_class_that_is_needed_itself_stays(more):
    tree = flatten.flattened(units(FAMILY + more), ["made"])[MERGED]
    assert "First" in classes(tree) and "Second" in classes(tree)


def test_a_class_that_another_file_knows_stays():
    both = units(FAMILY, late="from rumpus import First\ndef other():\n    return First(1)\n")
    assert "First" in classes(flatten.flattened(both, ["made"])[MERGED])


def test_in_pieces_nothing_mentions_what_comes_later():
    assert "First" in classes(flatten.flattened(units(FAMILY), ["made"], in_pieces=True)[MERGED])


# --- tables that are mentioned once ---------------------------------------------------------------------

TABLES = """
ONCE = ((1, "a"), (2, -3))
TWICE = b"bytes"
SHADOWED = (7,)
OUTSIDE = (8,)
def used():
    return ONCE[1][1], len(TWICE)
def again(SHADOWED):
    return SHADOWED, TWICE
"""


def test_a_table_that_is_mentioned_once_stands_there():
    late = "from rumpus import OUTSIDE\ndef late():\n    return OUTSIDE\n"
    tree = constants.placed(units(TABLES, late=late), ["used", "again"])[MERGED]
    after = run(tree)
    assert "ONCE" not in after and {"TWICE", "SHADOWED", "OUTSIDE"} <= set(after)
    assert after["used"]() == (-3, 5) and after["again"]("x") == ("x", b"bytes")


# --- what the wiring decides ----------------------------------------------------------------------------

WIRED = """
class Appliance:
    def __init__(self, wired):
        self._is_remote = "remote" in wired
        self._has_fan = "fan" in wired
        self._moves = False
    def step(self, asked):
        self._moves = asked and self._has_fan and not self._is_remote
        if self._is_remote:
            return "remote"
        elif self._has_fan:
            return "fan" if self._moves else "rest"
        return "nothing"
"""


def folded(known: dict[str, bool]) -> str:
    tree = decided._Roles(known).visit(ast.parse(WIRED))
    flags = {"_is_remote": known["remote"], "_has_fan": known["fan"]}
    return ast.unparse(ast.fix_missing_locations(decided._Folding(flags).visit(tree)))


@pytest.mark.parametrize("remote", (False, True))
@pytest.mark.parametrize("fan", (False, True))
@pytest.mark.parametrize("asked", (False, True))
def test_what_is_decided_does_as_before(remote, fan, asked):
    wired = [name for name, is_there in (("remote", remote), ("fan", fan)) if is_there]
    before = run(ast.parse(WIRED))["Appliance"](wired)
    text = folded({"remote": remote, "fan": fan})
    assert "_is_remote" not in text and "_has_fan" not in text and "_moves" in text
    assert run(ast.parse(text))["Appliance"]([]).step(asked) == before.step(asked)


# --- late files and names -------------------------------------------------------------------------------


def test_a_table_that_two_late_files_need_is_each_ones_own():
    """Later steps change the nodes where they lie."""
    late = "from rumpus import TOLD\ndef {0}(kind):\n    return kind == TOLD\n"
    found = apart.apart(
        units("TOLD = ('a', 'b')\ndef make():\n    return 1\n", one=late.format("f"), two=late.format("g")),
        ["make"],
    )
    trees = [found["rumpus/one.py"], found["rumpus/two.py"]]
    assert run(trees[0])["f"](("a", "b")) and run(trees[1])["g"](("a", "b"))
    nodes = [{id(node) for node in ast.walk(tree) if isinstance(node, ast.stmt | ast.Name)} for tree in trees]
    assert not nodes[0] & nodes[1]


UNRELATED = """
class Lamp:
    def __init__(self):
        self.brightness = 1
    def shine(self):
        return self.brightness

class Horn:
    def __init__(self):
        self.loudness = 2
        self.lamp = Lamp()
    def sound(self):
        return self.loudness + self.lamp.shine() + self.lamp.brightness

class Driver:
    def drive(self, horn):
        horn.pressed = True
        return horn.sound(), horn.pressed

def begin():
    return Driver().drive(Horn())
"""


def test_attributes_of_what_has_nothing_to_do_with_each_other_share_names():
    tree = shorten.shortened(units(UNRELATED), ["begin"])[MERGED]
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert run(tree)["begin"]() == (4, True)
    assert len(attributes) < 7  # as many as there were
