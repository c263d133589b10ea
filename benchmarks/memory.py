"""The peak resident memory of derm-xai batch in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

from derm_xai.settings import Settings

_LAUNCHER = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(done.returncode)
"""
"""Small and in between, since Linux counts the memory of the process that starts a command as the command's own."""
_COMMAND = "import sys; from derm_xai.cli import main; sys.exit(main())"


def peak_mib_of_batch(cases: Path, folder: Path, settings: Settings) -> float:
    """Run derm-xai batch on the cases and return its peak resident memory in MiB."""
    batch = [sys.executable, "-c", _COMMAND, "batch", str(cases), "--photos", str(folder), "--out", str(folder / "out.jsonl")]
    environment = {"DERM_XAI_MODEL": str(settings.model_folder()), "DERM_XAI_SAMPLES": str(settings.samples)}
    command = [sys.executable, "-c", _LAUNCHER, *batch]
    done = subprocess.run(command, env=os.environ | environment, check=True, capture_output=True, text=True)  # noqa: S603
    return int(done.stdout) / (2**20 if sys.platform == "darwin" else 2**10)
