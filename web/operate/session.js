import { forgetDevice, keepOnDevice, readFromDevice } from './device.js';

/** The API key of this tab: gone when it is closed, unless the person has it kept on the device. */
const NAME = 'payouts-api-key';

export const readKey = () => sessionStorage.getItem(NAME);

/**
 * @param {string} key
 * @param {boolean} isKept on the device, too
 */
export async function keepKey(key, isKept) {
  sessionStorage.setItem(NAME, key);
  await (isKept ? keepOnDevice(key) : forgetDevice());
}

/** Gives a new tab the key that is kept on the device. */
export async function restoreKey() {
  if (readKey() !== null) return;
  const key = await readFromDevice();
  if (key !== null) sessionStorage.setItem(NAME, key);
}

export async function dropKey() {
  sessionStorage.removeItem(NAME);
  await forgetDevice();
}
