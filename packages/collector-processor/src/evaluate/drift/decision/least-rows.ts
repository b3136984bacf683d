/** Independent rows that a window needs, unless settings say otherwise. */
export const LEAST_ROWS = 100;
/** And its reference, whatever settings say. */
export const LEAST_REFERENCE_ROWS = 500;
