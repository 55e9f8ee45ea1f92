/** @import { Words } from '../../src/api/operate/page' */

/**
 * The names of states, reasons and acts, and their texts: those of the server's version.
 * @type {Words}
 */
export const WORDS = await (await fetch('operate/words.json')).json();
