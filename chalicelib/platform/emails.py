"""E-mail addresses in bodies and settings: a plain address of one mailbox, nothing that could become a second one."""

from typing import Annotated

from pydantic import Field

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}"
_LABEL = r"[A-Za-z0-9-]{1,63}"

Email = Annotated[str, Field(max_length=254, pattern=rf"^{_LOCAL}@{_LABEL}(\.{_LABEL}){{1,8}}$")]
