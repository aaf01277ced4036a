import type { OutputItem, RunEvent } from './events.ts';

/** The same event with every output item in it replaced by `map`'s; the same object where there is none. */
export function mapItems<E extends RunEvent>(event: E, map: (item: OutputItem) => OutputItem): E {
  switch (event.type) {
    case 'response.output_item.added':
    case 'response.output_item.done':
      return { ...event, item: map(event.item) };
    case 'response.completed':
    case 'response.incomplete':
    case 'response.failed':
    case 'response.cancelled':
      return { ...event, response: { ...event.response, output: event.response.output?.map(map) } };
    default:
      return event;
  }
}
