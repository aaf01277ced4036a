"""LiteLLM's SDK at a gateway."""

import os

from report import KEY, URL

# As its pages do.
os.environ["OPENAI_API_KEY"] = KEY
os.environ["OPENAI_BASE_URL"] = URL
os.environ["OPENAI_API_BASE"] = URL

import litellm  # noqa: E402
import litellmContainers  # noqa: E402
import litellmErrors  # noqa: E402
import litellmRuns  # noqa: E402
from report import main  # noqa: E402

litellm.suppress_debug_info = True

main(*litellmRuns.SCENARIOS, *litellmContainers.SCENARIOS, *litellmErrors.SCENARIOS)
