import { type Route, sendJson } from '../http/exchange.ts';
import { seconds } from '../ids.ts';
import { unknownModel } from '../responses/request.ts';
import type { Services } from '../services.ts';

/** GET /v1/models and /v1/models/{id} (https://platform.openai.com/docs/api-reference/models). */
export function modelRoutes({ agents, startedAt }: Services): readonly Route[] {
  const models = agents.map(({ id }) => ({
    id,
    object: 'model',
    created: seconds(startedAt),
    owned_by: 'local-gateway',
  }));
  return [
    {
      method: 'GET',
      path: '/v1/models',
      handle: ({ response }) => sendJson(response, 200, { object: 'list', data: models }),
    },
    {
      method: 'GET',
      path: '/v1/models/{model}',
      handle: ({ response, params }) => {
        const name = params['model'] ?? '';
        const model = models.find(({ id }) => id === name);
        if (!model) throw unknownModel(name);
        sendJson(response, 200, model);
      },
    },
  ];
}
