"""Keys for LiteLLM's own hook `custom_auth`, for a proxy without a database.

LiteLLM decides by itself what a key may do, whose a container is and what it says; only these two are test doubles:
the keys themselves, out of the environment variable TEST_KEYS instead of the table LiteLLM_VerificationToken, and the
table LiteLLM_ManagedObjectTable, which is held in memory. The database itself needs the query engine of the package
`prisma` (5.17, a native program), which no package registry has: its maker's installer fetches it from elsewhere.
"""

import json
import os
from types import SimpleNamespace

from fastapi import Request
from litellm.proxy._types import LitellmUserRoles, ProxyException, UserAPIKeyAuth
from litellm.proxy.container_endpoints import ownership

KEYS = json.loads(os.environ["TEST_KEYS"])


async def authenticate(request: Request, api_key: str) -> UserAPIKeyAuth:
    known = KEYS.get(api_key)
    if known is None:
        # What LiteLLM says of a key that is not in its table.
        raise ProxyException(
            message="Authentication Error, Invalid proxy server token passed. Unable to find token in cache or"
            " `LiteLLM_VerificationTokenTable`",
            type="token_not_found_in_db",
            param="key",
            code=401,
        )
    return UserAPIKeyAuth(
        api_key=api_key,
        user_id=known["user"],
        user_role=LitellmUserRoles(known["role"]),
        spend=known["spend"],
    )


class ManagedObjects:
    def __init__(self):
        self.rows = {}

    async def find_unique(self, where):
        return self.rows.get(where["model_object_id"])

    async def find_first(self, where):
        return self.rows.get(where["model_object_id"])

    async def find_many(self, where):
        owners = where["created_by"]["in"]
        return [row for row in self.rows.values() if row.created_by in owners]

    async def create(self, data):
        self.rows[data["model_object_id"]] = SimpleNamespace(**data)

    async def update(self, where, data):
        vars(self.rows[where["model_object_id"]]).update(data)


TABLES = SimpleNamespace(db=SimpleNamespace(litellm_managedobjecttable=ManagedObjects()))


async def tables():
    return TABLES


ownership._get_prisma_client = tables
