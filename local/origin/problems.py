"""The product's one error shape, for what never reaches the product."""

import uuid

from starlette.responses import JSONResponse


def problem(status: int, code: str, message: str) -> JSONResponse:
    error = {"code": code, "message": message, "fields": [], "request_id": str(uuid.uuid4())}
    return JSONResponse({"error": error}, status, {"Cache-Control": "no-store"})
