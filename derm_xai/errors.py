"""The errors a user can meet.

    DermXaiError
    ├── PhotoError      the file is not a photo that can be assessed
    ├── ContextError    a field of the notes cannot be read
    ├── CasesError      the table of cases or what a command is given with it cannot be used
    ├── SettingsError   a DERM_XAI_* variable has a value that it cannot take
    ├── ModelError      the model folder is missing, altered or of another kind
    └── DataError       a training data set is missing or not laid out as published

Every message is one sentence or two: what is wrong, and what to do. None holds patient text, a path or
another program's message.
"""


class DermXaiError(Exception):
    """Base of every error that is shown to a user. `values` stand in the sentence's {braces}, so that it can be translated."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence.format(**values) if values else sentence)
        self.sentence, self.values = sentence, values


class PhotoError(DermXaiError):
    """The file is not a photo that can be assessed."""


class ContextError(DermXaiError):
    """A field of the notes cannot be read."""


class CasesError(DermXaiError):
    """The table of cases or what a command is given with it cannot be used."""


class SettingsError(DermXaiError):
    """A DERM_XAI_* variable has a value that it cannot take."""


class ModelError(DermXaiError):
    """The model folder is missing, altered or of another kind."""


class DataError(DermXaiError):
    """A training data set is missing or not laid out as published."""
