"""
Make the folder of Swagger UI, which ``/docs`` is shown with, again from its pinned npm package.

``python -m api.http.docs_vendor`` needs npm; ``python -m api.http.docs_vendor --check`` only compares what is
there with the manifest and needs nothing.
"""

from collections.abc import Sequence
from pathlib import Path

from geo.maps.vendor import Package, run

FOLDER = Path(__file__).parent / "docs_assets"
PACKAGES = (
    Package(
        "swagger-ui-dist",
        "5.35.0",
        "Apache-2.0",
        (
            ("LICENSE", None),
            ("NOTICE", None),
            ("swagger-ui-bundle.js", None),
            ("swagger-ui-bundle.js.LICENSE.txt", None),
            ("swagger-ui.css", None),
        ),
    ),
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    run("python -m api.http.docs_vendor", FOLDER, PACKAGES, arguments)


if __name__ == "__main__":
    main()
