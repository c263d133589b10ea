"""Which program this is, beside its version: results of one model may rest on different rules, words and code."""

from functools import cache
from hashlib import sha256
from pathlib import Path

_PACKAGE = Path(__file__).parent
_READ = {".py", ".toml", ".po", ".csv"}


@cache
def digest() -> str:
    """Return the SHA-256 over the names and contents of the package's code, rules, words and lists."""
    whole = sha256()
    for file in sorted(path for path in _PACKAGE.rglob("*") if path.suffix in _READ):
        whole.update(f"{file.relative_to(_PACKAGE).as_posix()} {sha256(file.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()
