"""The page at ``/docs`` on which the service can be read and tried, wholly from the service itself."""

import base64
import hashlib
from html import escape
from importlib.resources import files
from string import Template
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from geo.maps.shipped import read_manifest

PACKAGE = "swagger-ui-dist"
A_YEAR_S = 365 * 24 * 3600
FAVICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
    '<path fill="#b3261e" d="M8 0a6 6 0 0 0-6 6c0 4 6 10 6 10s6-6 6-10a6 6 0 0 0-6-6z"/>'
    '<circle fill="#fff" cx="8" cy="6" r="2.5"/></svg>'
)
START = """
SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#interface",
  deepLinking: true,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
});
"""
PAGE = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<link rel="icon" href="data:image/svg+xml,$favicon">
<link rel="stylesheet" href="$assets/swagger-ui.css">
</head>
<body>
<main id="interface"></main>
<noscript>This page needs JavaScript; <a href="openapi.json">openapi.json</a> says the same.</noscript>
<script src="$assets/swagger-ui-bundle.js"></script>
<script>$start</script>
</body>
</html>
""")


class LastingFiles(StaticFiles):
    """Files whose address names their version: a browser that has one need not ask for it again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file with leave to keep it for a year."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = f"public, max-age={A_YEAR_S}, immutable"
        return response


def install(app: FastAPI) -> None:
    """
    Serve ``/docs`` and what it is made of; ``app`` must have FastAPI's own pages switched off.

    Every address in the page is relative, so that it also works below a proxy's path.
    """
    version = read_manifest(files("api.http") / "docs_assets")[0].version
    assets = f"docs/assets/{version}"
    page = PAGE.substitute(
        title=escape(f"{app.title}: the interface"), favicon=quote(FAVICON), assets=assets, start=START
    )
    headers = {"Content-Security-Policy": _only_from_here(START)}

    def docs() -> HTMLResponse:
        return HTMLResponse(page, headers=headers)

    app.mount(f"/{assets}", LastingFiles(packages=[("api.http", f"docs_assets/{PACKAGE}")]))
    app.add_api_route("/docs", docs, methods=["GET"], include_in_schema=False)


def _only_from_here(script: str) -> str:
    """Return a policy by which the page runs this script and the service's own, and asks nobody else."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' 'sha256-{digest}'",
            "style-src 'self'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'self'",
        ]
    )
