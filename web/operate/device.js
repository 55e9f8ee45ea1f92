/**
 * The API key on this device, for eight hours, where the person asked for it: sealed with a key that the browser keeps and that no script
 * can read out. It needs a safe origin (https, or this machine).
 */
const HOURS = 8;
const AT = 'session';

export const canKeep = () => globalThis.crypto?.subtle !== undefined && globalThis.indexedDB !== undefined;

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('payouts', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(AT);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest} run
 * @returns {Promise<any>}
 */
async function use(mode, run) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(AT, mode);
      const request = run(transaction.objectStore(AT));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** @param {string} apiKey */
export async function keepOnDevice(apiKey) {
  const seal = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, seal, new TextEncoder().encode(apiKey));
  const kept = { seal, iv, sealed, untilMs: Date.now() + HOURS * 3_600_000 };
  await use('readwrite', (store) => store.put(kept, AT));
}

/** The key that was kept; null for none, or when its hours are over. @returns {Promise<string | null>} */
export async function readFromDevice() {
  if (!canKeep()) return null;
  try {
    const kept = await use('readonly', (store) => store.get(AT));
    if (kept === undefined) return null;
    if (Date.now() >= kept.untilMs) {
      await forgetDevice();
      return null;
    }
    const opened = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: kept.iv }, kept.seal, kept.sealed);
    return new TextDecoder().decode(opened);
  } catch {
    return null;
  }
}

export async function forgetDevice() {
  if (canKeep()) await use('readwrite', (store) => store.delete(AT)).catch(() => {});
}
