import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { root } from './tools.ts';

/** The official schema of the format, from nbformat 5.11.1 (https://github.com/jupyter/nbformat, BSD 3-Clause). */
const { $schema, ...schema } = JSON.parse(
  readFileSync(path.join(root, 'test/support/nbformat.v4.5.schema.json'), 'utf8'),
) as Record<string, unknown>;

const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);

/** What makes a value no notebook of format 4.5; empty for a notebook. */
export function notebookFaults(value: unknown): readonly string[] {
  return validate(value)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
