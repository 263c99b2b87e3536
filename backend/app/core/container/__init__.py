"""The one wiring of the program, shared by the API, the worker and the tests."""

from app.core.container.building import build_container
from app.core.container.contents import Container
from app.core.container.opening import open_container

__all__ = ["Container", "build_container", "open_container"]
