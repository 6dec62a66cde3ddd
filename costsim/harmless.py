r"""Text of a scenario that cannot deceive: characters that hide or turn others are made visible.

A title may hold a character that runs the text after it backwards, or that nobody can see. Each is
shown by its number instead, so that a report says what the file says.

    >>> harmless("paid \u202e05£ by\x07 us")
    'paid [U+202E]05£ by[U+0007] us'
"""

from __future__ import annotations

import re

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\uffff\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)


def harmless(text: str) -> str:
    """The text, with every control, invisible or direction-changing character named instead.

    Tabs and ends of lines stay as they are.
    """
    return _UNSEEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)
