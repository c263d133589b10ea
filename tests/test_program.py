from hashlib import sha256
from pathlib import Path

import derm_xai
from derm_xai.program import digest


def test_the_digest_covers_code_rules_words_and_lists_by_name_and_content():
    """As `find . -type f | sort | sha256sum` would be made by hand, of the files that are read."""
    root = Path(derm_xai.__file__).parent
    files = [file for file in root.rglob("*") if file.suffix in (".py", ".toml", ".po", ".csv")]
    names = sorted(files)
    assert {"rules.toml", "words_fr.toml", "fr.po", "held_out.csv", "program.py"} <= {file.name for file in names}
    lines = [f"{file.relative_to(root).as_posix()} {sha256(file.read_bytes()).hexdigest()}\n" for file in names]
    assert digest() == sha256("".join(lines).encode()).hexdigest()
