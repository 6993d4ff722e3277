import type { ZodType, z } from 'zod';
import type { Role, RouteName, routes } from '../../src/central-api/routes.ts';
import type { RandomSource } from '../../src/platform/random.ts';
import type { Result } from '../../src/platform/result.ts';
import type { CentreDatabase } from './database.ts';
import type { Refusal } from './refusal.ts';

/** What the rules of the centre work on. */
export interface Centre {
  readonly db: CentreDatabase;
  readonly random: RandomSource;
  /** The portrait on file, PNG; drawing one takes some 50 ms, so it is done when somebody first asks. */
  readonly drawPortrait: (citizenId: string) => Uint8Array | undefined;
}

type PartOf<N extends RouteName, K extends 'params' | 'query' | 'request'> =
  (typeof routes)[N] extends Record<K, infer S extends ZodType> ? z.infer<S> : undefined;

/** A call whose signature, role and form are in order. */
export interface Call<N extends RouteName> {
  readonly keyId: string;
  readonly role: Role;
  /** Milliseconds since 1970 by the centre's clock, the same throughout the call. */
  readonly nowMs: number;
  readonly subjectToken: string | undefined;
  readonly params: PartOf<N, 'params'>;
  readonly query: PartOf<N, 'query'>;
  readonly body: PartOf<N, 'request'>;
}

type SuccessOf<N extends RouteName> = (typeof routes)[N]['responses'][keyof (typeof routes)[N]['responses']];

/** What a call answers: the value of its response schema, or raw bytes. */
export type Answer<N extends RouteName> =
  SuccessOf<N> extends infer S extends ZodType ? z.infer<S> : Uint8Array;

/** One rule per call; runs inside a write transaction and changes nothing when it refuses. */
export type Handlers = {
  readonly [N in RouteName]: (centre: Centre, call: Call<N>) => Result<Answer<N>, Refusal>;
};
