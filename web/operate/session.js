/** The API key of this tab: gone when it is closed. */
const NAME = 'payouts-api-key';

export const readKey = () => sessionStorage.getItem(NAME);
/** @param {string} key */
export const keepKey = (key) => sessionStorage.setItem(NAME, key);
export const dropKey = () => sessionStorage.removeItem(NAME);
