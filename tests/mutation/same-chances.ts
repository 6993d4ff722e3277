import * as fc from 'fast-check';

/** A mutant that is found today is found tomorrow. */
fc.configureGlobal({ seed: 4 });
