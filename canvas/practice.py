"""A site of a practice Canvas: all that Canvas offers, and what only a stand-in lets one do with it.

The commands are those of the control interface, below /sandbox/ (docs/practice-canvas.md).
"""

from canvas.client import CanvasClient


class PracticeClient(CanvasClient):
    """One site of a practice Canvas, which its token names. The first request makes it, `remove` takes it away."""

    def hurry(self) -> None:
        """Import as fast as the machine can from now on, whatever pace the server was started with."""
        self._transport.send("POST", "/sandbox/speed", fields={})

    def make_role(self, name: str, base_role_type: str) -> None:
        """A role of the root account. Invalid where Canvas has one of that name."""
        document = {"name": name, "base_role_type": base_role_type}
        self._transport.send("POST", "/sandbox/roles", document=document)

    def remove(self) -> None:
        """The site is gone from the server's disk, with all that was imported and sent; a running import stops."""
        self._transport.send("DELETE", "/sandbox/site")
