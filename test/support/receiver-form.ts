/** What a Receiver's page keeps of a form while it is checked; null on any other page. */
export function sealedIn(page: string): string | null {
  return / name="sealed" value="([^"]+)"/.exec(page)?.[1] ?? null;
}

async function post(url: string, fields: Record<string, string>): Promise<Response> {
  return await fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
}

/** Enters an account on a Receiver's page and, where it is to be checked, sends it; the last answer. */
export async function enterAccount(url: string, accountNumber: string): Promise<Response> {
  const answer = await post(url, { by: 'bank_account', 'destination.accountNumber': accountNumber });
  if (answer.status !== 200) return answer;
  return await post(url, { step: 'send', sealed: sealedIn(await answer.text()) ?? '' });
}
