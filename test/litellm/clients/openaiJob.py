"""The official `openai` of PyPI at a gateway."""

import openaiAsync
import openaiContainers
import openaiErrors
import openaiRuns
from report import main

main(*openaiRuns.SCENARIOS, *openaiContainers.SCENARIOS, *openaiAsync.SCENARIOS, *openaiErrors.SCENARIOS)
