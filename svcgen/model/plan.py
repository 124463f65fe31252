"""What is to be written: files as values, named before anything is rendered."""

from __future__ import annotations

from svcgen.frozen import frozen, replace


@frozen
class Stub:
    """A method for the user to fill in: text of its language, not indented, ending in a newline.

    ``imports`` are import lines of that language; of them are added those that the method uses and
    the file lacks, so that every method may name the imports of the whole file.
    """

    name: str
    source: str
    imports: tuple[str, ...] = ()
    former: str = ""  # the definition's name of it before it was renamed


@frozen
class HandlerClass:
    """A class of a seeded file that implements a generated base class.

    ``service`` is the definition's name of it. ``retired`` are methods that the definition once had,
    by its names: the user's code of them is reported, never deleted. The lock knows them.
    """

    name: str
    base: str
    base_import: str
    methods: tuple[Stub, ...]
    doc: str = ""
    service: str = ""
    retired: tuple[str, ...] = ()


@frozen
class PlannedFile:
    """One file of the project. ``path`` is relative to the project's root, with ``/``.

    ``template`` is a path below ``templates/``: rendered with ``view`` if it ends in ``.j2``, else
    copied byte for byte. Without a template, ``text`` is the content.
    """

    path: str
    template: str | None = None
    view: object = None
    text: str = ""
    once: bool = False  # seeded: written if absent, then the user's
    stubs: tuple[HandlerClass, ...] = ()  # seeded: what the user's file must implement

    @classmethod
    def of(cls, path: str, content: str | PlannedFile) -> PlannedFile:
        """A file at ``path`` with this text, or planned already and only to be placed."""
        return cls(path, text=content) if isinstance(content, str) else replace(content, path=path)


@frozen
class GeneratedFile:
    """A planned file with its content."""

    path: str
    content: bytes
    once: bool = False
    stubs: tuple[HandlerClass, ...] = ()
    extends: bytes | None = None  # seeded: the user's text that ``content`` adds stubs to
