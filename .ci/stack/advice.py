"""Words that would make advice of a description."""

import re

TRADE = re.compile(r"\b(buy|sell|long|short the|enter a|open a position|close the position|profit)\b", re.I)
