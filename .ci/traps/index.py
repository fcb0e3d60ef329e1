"""Reads the compiler's index: which declaration each name and operator of a source file refers to, with its types."""

import ctypes
import pathlib
import shutil
from typing import NamedTuple


class Reference(NamedTuple):
    """A use of a declaration; the unified symbol resolution (USR) names the declaration with its types."""

    line: int
    column: int
    usr: str


class _Text(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("length", ctypes.c_size_t)]

    def __str__(self):
        return ctypes.string_at(self.data, self.length).decode() if self.data else ""


_Handle = ctypes.c_void_p
_VisitText = ctypes.CFUNCTYPE(ctypes.c_bool, _Handle, _Text)
_VisitHandle = ctypes.CFUNCTYPE(ctypes.c_bool, _Handle, _Handle)

_RECORD = 2
"""The kind of a dependency that is a record of references."""
_REFERENCE = 1 << 2
"""The role of an occurrence that refers to a declaration."""

_SIGNATURES = {
    "store_create": (_Handle, [ctypes.c_char_p, _Handle]),
    "store_units_apply_f": (ctypes.c_bool, [_Handle, ctypes.c_uint, _Handle, _Handle]),
    "store_get_unit_modification_time": (
        ctypes.c_int,
        [_Handle, ctypes.c_char_p, ctypes.POINTER(ctypes.c_int64), ctypes.POINTER(ctypes.c_int64)],
    ),
    "unit_reader_create": (_Handle, [_Handle, ctypes.c_char_p, _Handle]),
    "unit_reader_dispose": (None, [_Handle]),
    "unit_reader_get_main_file": (_Text, [_Handle]),
    "unit_reader_dependencies_apply_f": (ctypes.c_bool, [_Handle, _Handle, _Handle]),
    "unit_dependency_get_kind": (ctypes.c_int, [_Handle]),
    "unit_dependency_get_name": (_Text, [_Handle]),
    "unit_dependency_get_filepath": (_Text, [_Handle]),
    "record_reader_create": (_Handle, [_Handle, ctypes.c_char_p, _Handle]),
    "record_reader_dispose": (None, [_Handle]),
    "record_reader_occurrences_apply_f": (ctypes.c_bool, [_Handle, _Handle, _Handle]),
    "occurrence_get_symbol": (_Handle, [_Handle]),
    "occurrence_get_roles": (ctypes.c_uint64, [_Handle]),
    "occurrence_get_line_col": (None, [_Handle, ctypes.POINTER(ctypes.c_uint), ctypes.POINTER(ctypes.c_uint)]),
    "symbol_get_usr": (_Text, [_Handle]),
}


class Index:
    """The index store of a debug build."""

    def __init__(self, store: pathlib.Path):
        swift = pathlib.Path(shutil.which("swiftc")).resolve()
        self._library = ctypes.CDLL(str(swift.parent.parent / "lib/libIndexStore.so"))
        for name, (result, arguments) in _SIGNATURES.items():
            function = getattr(self._library, f"indexstore_{name}")
            function.restype, function.argtypes = result, arguments
        self._store = self._call("store_create", str(store).encode(), None)
        if not self._store:
            raise FileNotFoundError(f"{store} is no index store; run swift build first")

    def _call(self, name, *arguments):
        return getattr(self._library, f"indexstore_{name}")(*arguments)

    def references(self, sources: list[pathlib.Path]) -> dict[pathlib.Path, tuple[int, list[Reference]]]:
        """When each source file was compiled last, and what it refers to; only files that the index has."""
        wanted = {str(path): path for path in sources}
        newest: dict[pathlib.Path, tuple[int, list[str]]] = {}
        for unit in self._units():
            reader = self._call("unit_reader_create", self._store, unit, None)
            if not reader:
                continue
            main = str(self._call("unit_reader_get_main_file", reader))
            if main in wanted:
                time = self._time(unit)
                if time > newest.get(wanted[main], (-1, []))[0]:
                    newest[wanted[main]] = (time, self._records(reader, main))
            self._call("unit_reader_dispose", reader)
        return {
            path: (time, [reference for record in records for reference in self._read(record)])
            for path, (time, records) in newest.items()
        }

    def _units(self) -> list[bytes]:
        units = []
        visit = _VisitText(lambda _, name: units.append(str(name).encode()) or True)
        self._call("store_units_apply_f", self._store, 0, None, ctypes.cast(visit, _Handle))
        return units

    def _time(self, unit: bytes) -> int:
        seconds, nanoseconds = ctypes.c_int64(), ctypes.c_int64()
        self._call("store_get_unit_modification_time", self._store, unit, seconds, nanoseconds)
        return seconds.value * 1_000_000_000 + nanoseconds.value

    def _records(self, reader, main: str) -> list[str]:
        records = []

        def visit(_, dependency):
            if self._call("unit_dependency_get_kind", dependency) == _RECORD:
                if str(self._call("unit_dependency_get_filepath", dependency)) == main:
                    records.append(str(self._call("unit_dependency_get_name", dependency)))
            return True

        callback = _VisitHandle(visit)
        self._call("unit_reader_dependencies_apply_f", reader, None, ctypes.cast(callback, _Handle))
        return records

    def _read(self, record: str) -> list[Reference]:
        reader = self._call("record_reader_create", self._store, record.encode(), None)
        if not reader:
            return []
        references = []

        def visit(_, occurrence):
            if self._call("occurrence_get_roles", occurrence) & _REFERENCE:
                usr = str(self._call("symbol_get_usr", self._call("occurrence_get_symbol", occurrence)))
                line, column = ctypes.c_uint(), ctypes.c_uint()
                self._call("occurrence_get_line_col", occurrence, line, column)
                references.append(Reference(line.value, column.value, usr))
            return True

        callback = _VisitHandle(visit)
        self._call("record_reader_occurrences_apply_f", reader, None, ctypes.cast(callback, _Handle))
        self._call("record_reader_dispose", reader)
        return references
