"""Keys made of names that people chose."""

from __future__ import annotations

import hashlib
import re
import unicodedata

MAX_LENGTH = 64


def key_from_name(name: str) -> str:
    """A key made of any name: "Ductal carcinoma (IDC)" becomes ``ductal_carcinoma_idc``, "2" becomes ``class_2``.

    Keys are lower-case ASCII words; a name in another script gets a key of its own by its hash.
    """
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = "_".join(re.findall(r"[a-z0-9]+", ascii_only.lower()))
    if not words:
        return f"class_{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    return (words if words[0].isalpha() else f"class_{words}")[:MAX_LENGTH]
