"""Words that would turn a description into advice."""

import re

TRADE = re.compile(r"\b(buy|sell|long|short the|enter a|open a position|close the position|profit)\b", re.I)
