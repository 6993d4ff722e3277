import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openApiDocument } from '../src/central-api/openapi.ts';
import { problemNameOf, problemNames, problemType } from '../src/central-api/problems.ts';
import { routes } from '../src/central-api/routes.ts';

const committed = JSON.parse(readFileSync(new URL('../openapi.json', import.meta.url), 'utf8')) as {
  openapi: string;
  paths: Record<string, Record<string, { operationId: string; responses: Record<string, unknown> }>>;
  components: { schemas: Record<string, unknown> };
};

test('the committed OpenAPI document says what the schemas in code say', () => {
  expect(committed).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
});

test('it is OpenAPI 3.1, has every call of the route table, and every reference in it leads somewhere', () => {
  expect(committed.openapi).toBe('3.1.0');
  const operations = Object.values(committed.paths).flatMap((item) => Object.values(item));
  expect(operations.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(routes).sort());
  for (const { responses } of operations) expect(Object.keys(responses)).toContain('401');
  const references = JSON.stringify(committed).matchAll(/"#\/components\/schemas\/([^"]+)"/g);
  for (const [, name = ''] of references) expect(committed.components.schemas).toHaveProperty(name);
});

test('every problem has its URN, and what is no problem of the contract is none', () => {
  for (const name of problemNames) expect(problemNameOf(problemType(name))).toBe(name);
  expect(problemNameOf('about:blank')).toBeUndefined();
  expect(problemNameOf('urn:suishen-offline-code:problem:toString')).toBeUndefined();
});
