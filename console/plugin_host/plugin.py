"""One plugin as the host keeps it, and as the plugin manager sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from console.model.manifest import Manifest
from console.model.text import Text
from console.plugin_host.bindings import Bindings
from console.plugin_host.discover import SourceKind


class PluginState(StrEnum):
    """Where a plugin is in its life."""

    DISCOVERED = "discovered"
    """Its manifest was found, and not yet checked."""
    VALIDATED = "validated"
    """Its contributions are shown; its code is not imported yet."""
    ACTIVE = "active"
    INACTIVE = "inactive"
    """It was active and is switched off for now; first use activates it again."""
    FAILED = "failed"
    """It has a fault; the reason is kept and its contributions are grey."""
    DISABLED = "disabled"
    """The user, a crash, safe mode or a missing service keeps it off; it contributes nothing."""


NO_REASON = Text("", "")


@dataclass(slots=True, kw_only=True)
class Plugin:
    """What the host knows about one plugin; changed by the host alone."""

    id: str
    folder: Path
    kind: SourceKind
    manifest: Manifest | None = None
    state: PluginState = PluginState.DISCOVERED
    reason: Text = NO_REASON
    traceback: str = ""
    faults: int = 0
    """Errors of its handlers since the console was started."""
    stalls: int = 0
    """How often it held up the window since the console was started."""
    import_ms: float = 0.0
    activate_ms: float = 0.0
    remarks: dict[str, tuple[Text, ...]] = field(default_factory=dict[str, "tuple[Text, ...]"])
    """What is not quite right with it, by who says so."""
    declared: Bindings = field(default_factory=Bindings)
    bound: Bindings = field(default_factory=Bindings)

    def set(self, state: PluginState, reason: Text = NO_REASON, traceback: str = "") -> None:
        """Go to *state*; reason and traceback stay until the next step."""
        self.state, self.reason, self.traceback = state, reason, traceback


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginInfo:
    """One line of the plugin manager."""

    id: str
    name: Text
    description: Text
    version: str
    kind: SourceKind
    folder: Path
    state: PluginState
    reason: Text
    traceback: str
    permissions: tuple[str, ...]
    warnings: tuple[str, ...]
    faults: int
    stalls: int
    import_ms: float
    activate_ms: float
    remarks: tuple[Text, ...] = ()
    """What its author should mend, though it runs."""

    @classmethod
    def of(cls, plugin: Plugin) -> PluginInfo:
        """The present picture of *plugin*."""
        manifest = plugin.manifest
        return cls(
            id=plugin.id,
            name=manifest.name if manifest else Text(plugin.id, plugin.id),
            description=manifest.description if manifest else NO_REASON,
            version=manifest.version if manifest else "",
            kind=plugin.kind,
            folder=plugin.folder,
            state=plugin.state,
            reason=plugin.reason,
            traceback=plugin.traceback,
            permissions=manifest.permissions if manifest else (),
            warnings=manifest.warnings if manifest else (),
            faults=plugin.faults,
            stalls=plugin.stalls,
            import_ms=plugin.import_ms,
            activate_ms=plugin.activate_ms,
            remarks=tuple(text for texts in plugin.remarks.values() for text in texts),
        )
