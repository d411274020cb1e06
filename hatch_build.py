"""The compiled build: `INVITELAB_COMPILE=1 pip install .` runs mypyc on the core.

Without the variable the wheel is pure Python, which is the default and the fallback.
mypyc compiles the sources as they are but for one thing: to make a frozen dataclass
takes interpreted code, and the protocol makes dozens of them an invitation. So in the
copy that is compiled each dataclass is a plain class with the same fields.
"""

import ast
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VARIABLE = "INVITELAB_COMPILE"

EXTENSION: str = sysconfig.get_config_var("EXT_SUFFIX")
"""How the file of an extension module ends, with the version of Python and the ABI."""

COMPILED = (
    "protocol/guest.py",
    "protocol/history.py",
    "protocol/host.py",
    "protocol/menu.py",
    "protocol/messages.py",
    "protocol/profiles.py",
    "protocol/refusals.py",
    "protocol/session.py",
    "protocol/table.py",
    "protocol/values.py",
    "world/client.py",
    "world/device.py",
    "world/event_queue.py",
    "world/facts.py",
    "world/inviter.py",
    "world/network.py",
    "world/recipient.py",
    "world/relay.py",
    "world/retransmission.py",
    "world/simulation.py",
    "world/tables.py",
    "world/load/arrivals.py",
    "world/load/busy_relay.py",
    "world/load/client_directory.py",
    "world/load/closed_loop.py",
    "world/load/distributions.py",
    "world/load/faults.py",
    "world/load/faulty_device.py",
    "world/load/forgetting.py",
    "world/load/intentions.py",
    "world/load/load_world.py",
    "world/load/name_table.py",
    "world/load/network_conditions.py",
    "world/load/panel.py",
    "world/load/participants.py",
    "world/load/population.py",
    "world/load/queues.py",
    "world/load/relay_memory.py",
    "world/load/rng.py",
    "world/load/user_behaviour.py",
)
"""One group, with native calls between its modules. All others stay interpreted."""

METHODS = """
FIELDS: ClassVar[tuple[str, ...]] = {fields}
__match_args__: ClassVar[tuple[str, ...]] = {positional}
__dataclass_fields__: ClassVar[Any] = _fields_of("{name}", {fields})

def __eq__(self, other: object) -> bool:
    if type(other) is not type(self):
        return NotImplemented
    return all(getattr(self, one) == getattr(other, one) for one in self.FIELDS)

def __hash__(self) -> int:
    return hash(({values}))

def __repr__(self) -> str:
    told = ", ".join(one + "=" + repr(getattr(self, one)) for one in self.FIELDS)
    return type(self).__qualname__ + "(" + told + ")"

def copy_with(self, changes: "dict[str, object]") -> "{name}":
    made = {name}({same})
    for one, value in changes.items():
        setattr(made, one, value)
    return made

def __copy__(self) -> "{name}":
    return {name}({same})

def __reduce__(self) -> "tuple[object, ...]":
    return _rebuilt, ({name}, {values})
"""

HELPERS = """
from dataclasses import make_dataclass
from typing import Any, ClassVar

def _fields_of(name: str, fields: "tuple[str, ...]") -> Any:
    model: Any = make_dataclass(name, fields)
    return dict(model.__dataclass_fields__)

def _rebuilt(kind: Any, *values: object) -> Any:
    return kind(**dict(zip(kind.FIELDS, values)))
"""

EVOLVE = """
def evolve(value: _Value, **changes: object) -> _Value:
    copy: Any = value
    made: _Value = copy.copy_with(changes)
    return made
"""


def _statements(text: str) -> list[ast.stmt]:
    return ast.parse(text).body


def _options(node: ast.ClassDef) -> set[str] | None:
    """The names of the options of its `@dataclass`; None for a class that is none."""
    for one in node.decorator_list:
        if isinstance(one, ast.Call) and ast.unparse(one.func) == "dataclass":
            return {str(word.arg) for word in one.keywords}
    return None


class Field:
    """A field of a dataclass: how a constructor takes it, and what it puts."""

    def __init__(self, node: ast.AnnAssign) -> None:
        self.name = ast.unparse(node.target)
        self.type = ast.unparse(node.annotation)
        self.default = "" if node.value is None else ast.unparse(node.value)
        self.factory = ""
        if isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "field":
            (word,) = node.value.keywords
            assert word.arg == "default_factory", ast.unparse(node)
            self.factory = ast.unparse(word.value)

    @property
    def parameter(self) -> str:
        """With its type and its default."""
        if self.factory:
            return f"{self.name}: {self.type} | None = None"
        default = f" = {self.default}" if self.default else ""
        return f"{self.name}: {self.type}{default}"

    @property
    def assignment(self) -> str:
        """To the attribute."""
        value = self.name
        if self.factory:
            value = f"{self.factory}() if {self.name} is None else {self.name}"
        return f"self.{self.name}: {self.type} = {value}"


class PlainClasses(ast.NodeTransformer):
    """Makes a plain class of each dataclass that needs no order."""

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        """Replace the fields by a constructor and by what a dataclass generates."""
        options = _options(node)
        if options is None or "order" in options:
            return node
        fields = [one for one in node.body if isinstance(one, ast.AnnAssign)]
        own = [one for one in node.body if one not in fields]
        methods = {one.name for one in own if isinstance(one, ast.FunctionDef)}
        node.decorator_list = []
        node.body = [
            *own,
            *_generated(
                node.name,
                [Field(one) for one in fields],
                by_name="kw_only" in options,
                checks="__post_init__" in methods,
            ),
        ]
        return node


def _generated(
    name: str, fields: list[Field], *, by_name: bool, checks: bool
) -> list[ast.stmt]:
    names = [one.name for one in fields]
    star = ["*"] if by_name and fields else []
    head = ", ".join(["self", *star, *(one.parameter for one in fields)])
    body = [one.assignment for one in fields]
    body += ["self.__post_init__()"] if checks else []
    lines = "".join(f"\n    {line}" for line in body or ["pass"])
    listed = "(" + "".join(f"{one!r}, " for one in names) + ")"
    methods = METHODS.format(
        name=name,
        fields=listed,
        positional="()" if by_name else listed,
        values="".join(f"self.{one}, " for one in names),
        same=", ".join(f"{one}=self.{one}" for one in names),
    )
    return _statements(f"def __init__({head}) -> None:{lines}\n{methods}")


def plain(source: str) -> str:
    """The source of a module, with plain classes for its dataclasses."""
    tree = ast.parse(source)
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    if not any(_options(node) or _documented(node) for node in classes):
        return source  # with its comments, some of which are for mypy
    body: list[ast.stmt] = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == "evolve":
            body += _statements(EVOLVE)
        elif isinstance(node, ast.ClassDef):
            body += [PlainClasses().visit(node), *_documented(node)]
        else:
            body.append(node)
    imports = [isinstance(one, ast.Import | ast.ImportFrom) for one in body]
    after = len(imports) - imports[::-1].index(True)
    tree.body = [*body[:after], *_statements(HELPERS), *body[after:]]
    return ast.unparse(ast.fix_missing_locations(tree))


def _documented(node: ast.ClassDef) -> list[ast.stmt]:
    """Its docstring, if it is an enumeration, to which mypyc gives one of its own."""
    if not any("Enum" in ast.unparse(base) for base in node.bases):
        return []
    text = ast.get_docstring(node)
    return _statements(f"setattr({node.name}, '__doc__', {text!r})")


def compiled(model: Path, scratch: Path) -> list[Path]:
    """Compile a copy of the package in `scratch`; the paths of the extensions there."""
    package = scratch / "invitelab"
    shutil.copytree(model / "invitelab", package)
    for name in COMPILED:
        path = package / name
        path.write_text(plain(path.read_text(encoding="utf-8")), encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "mypyc", *(f"invitelab/{name}" for name in COMPILED)],
        cwd=scratch,
        check=True,
        env={"MYPYC_OPT_LEVEL": "2", **os.environ, "MYPYPATH": "."},
        stdout=subprocess.DEVNULL,
    )
    built = scratch / "build"
    return [
        path
        for path in sorted(scratch.rglob(f"*{EXTENSION}"))
        if built not in path.parents
    ]


class CompiledBuild(BuildHookInterface[Any]):
    """Adds the extension modules to the wheel, where the variable asks for them.

    For an editable install they are put beside the sources, and removed by one without
    the variable. Their names have the version of Python: others do not see them.
    """

    PLUGIN_NAME = "custom"

    @staticmethod
    def _asked() -> bool:
        return os.environ.get(VARIABLE, "") not in ("", "0")

    def dependencies(self) -> list[str]:
        """What a compiled build needs besides hatchling; and a C compiler."""
        return ["mypy>=2.4,<3", "setuptools"] if self._asked() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and say which files go where."""
        model = Path(self.root) / "model"
        if version == "editable":
            for path in model.rglob(f"*{EXTENSION}"):
                path.unlink()
        if not self._asked():
            return
        kept = model if version == "editable" else Path(self.directory) / "compiled"
        with tempfile.TemporaryDirectory(prefix="invitelab-") as scratch:
            for path in compiled(model, Path(scratch)):
                name = path.relative_to(scratch)
                (kept / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, kept / name)
                if version != "editable":
                    build_data["force_include"][str(kept / name)] = str(name)
        build_data["pure_python"] = version == "editable"
        build_data["infer_tag"] = version != "editable"
