// Asked before each send: denies Receivers who are on a list of names, holds those with the family name of one, allows all others.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const { HOOK_SECRET_FILE = '', NAMES_FILE = new URL('names.json', import.meta.url), PORT = '8080' } = process.env;
const key = Buffer.from(
  readFileSync(HOOK_SECRET_FILE, 'utf8')
    .trim()
    .replace(/^whsec_/, ''),
  'base64',
);
const listed = JSON.parse(readFileSync(NAMES_FILE, 'utf8')).map(wordsOf);
const MOST_BYTES = 65_536;
const OLDEST_SECONDS = 300;

/** A name as it is compared: without accents, case, order and signs. */
function wordsOf(name) {
  const plain = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Standard Webhooks: HMAC-SHA256 over id, timestamp and body, and not older than five minutes. */
function isSigned(headers, body) {
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signatures = '' } = headers;
  const expected = createHmac('sha256', key).update(`${id}.${at}.`).update(body).digest();
  const isFresh = Math.abs(Date.now() / 1_000 - Number(at)) <= OLDEST_SECONDS;
  const given = signatures.split(' ').map((signature) => Buffer.from(signature.replace(/^v1,/, ''), 'base64'));
  return isFresh && given.some((each) => each.length === expected.length && timingSafeEqual(each, expected));
}

/** Your own check goes here. A reason is shown to people: it says why, and holds nothing of the question. */
function judge({ receiver = {}, destination = {} }) {
  const names = [
    [receiver.firstName, receiver.lastName].join(' '),
    destination.accountName ?? destination.cardHolder ?? '',
  ]
    .map(wordsOf)
    .filter((words) => words.length > 0);
  if (names.length === 0) return { verdict: 'hold', reason: 'no name to compare' };
  const isSame = (words) => listed.some((entry) => [...entry].sort().join() === [...words].sort().join());
  if (names.some(isSame)) return { verdict: 'deny', reason: 'the name is on the list' };
  const isLike = (words) => listed.some((entry) => words.includes(entry.at(-1)));
  return names.some(isLike) ? { verdict: 'hold', reason: 'like a name on the list' } : { verdict: 'allow' };
}

const server = createServer((request, response) => {
  const chunks = [];
  let bytes = 0;
  request.on('data', (chunk) => {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) request.destroy();
    else chunks.push(chunk);
  });
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const isOurs = isSigned(request.headers, body);
    const answer = isOurs ? judge(JSON.parse(body.toString()).data) : { error: 'expected a signed request' };
    response.writeHead(isOurs ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
});
server.listen(Number(PORT), '127.0.0.1', () => console.log(`hook on http://127.0.0.1:${server.address().port}`));
process.once('SIGTERM', () => server.close());
