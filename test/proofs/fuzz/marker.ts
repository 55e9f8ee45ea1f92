/** Stands in every value sent; an answer or a log line that holds it repeats a value. */
export const MARKER = 'MARK7f3';
