import { deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * What payloads of payouts have in common, most frequent last: deflate finds it here, so that small payloads become smaller too.
 * Everything stored was packed with it: it never changes. Another one gets another mark, and this one stays to read what is stored.
 */
const DICTIONARY = Buffer.from(
  [
    '{"seq":3,"attempt":1,"activity_id":"3","original_schedule_time":{"seconds":17,"nanos":0}}"payout.declined""payout.needs_review"',
    '{"id":"","actor":"","reason":"","action":"resolve","resolution":"declined"}"holder":"","firstName":"","lastName":"","email":"","phone":"","country":"DE",',
    '"type":"card","cardNumber":"","expireMonth":"","expireYear":"","cardHolder":""needs_review""awaiting_receiver""unconfirmed""rejected""filtered"',
    '{"ended":false,"answer":{"found":false,"reason":"unknown"}}{"ended":true,"answered":true,"noAnswer":"silent"}"status":"processing","statusText":"processing"',
    'ask whether the order exists, and if not send the payout onceconfirm by the order status"ask the order status every 4 s"" EUR to ••••',
    '{"endpoint":"default","kind":"poll","clientOrderId":"","orderId":"","timeoutMs":20000,"known":{"redirectTo":null,"oddity":null},"everyMs":4000,"forMs":300000,"pollingSinceMs":17',
    '{"outcome":"accepted","orderId":"","serialNumber":"00000000-0000-0000-0000-000000000000","endpointId":""}',
    ',"policy":{"pollPlan":[{"everyMs":4000,"untilMs":300000},{"everyMs":300000,"untilMs":3600000},{"everyMs":3600000,"untilMs":86400000},{"everyMs":21600000,"untilMs":1209600000}],',
    '"backoff":{"gapsMs":[5000,15000,30000,60000,120000,300000,600000,900000],"thenEveryMs":3600000,"untilMs":86400000},"confirmWithinMs":60000,"submitTimeoutMs":45000,"answerTimeoutMs":20000,',
    '"sendAgain":{"firstMs":1000,"longestMs":300000,"untilMs":86400000}},"callbackUrl":"https://","redirectUrl":"https:///receiver/return","notify":true}',
    '","state":"approved","attention":null,"reason":null,"orderId":"","redirectTo":null,"actualAmount":"","actualCurrency":"EUR","settledBy":"callback","confirmed":true,"claim":null,"agreedAtMs":{"callback":17,"poll":17},',
    '"sendAttempts":1,"createdAtMs":17,"updatedAtMs":17,"settledAtMs":17,"unconfirmedSinceMs":null,"followedSinceMs":17,"pollingSinceMs":17,"lastAskedAtMs":17,"notSentAtMs":null,"polling":"fast","confirmationGivenUp":false,',
    '"evidence":[{"source":"submission","what":"accepted","orderId":"","stage":null,"serialNumber":"","contradicts":false,"atMs":17,"lastAtMs":17,"times":1},{"source":"callback","what":"approved","orderId":"","stage":null,"serialNumber":null,"contradicts":false,"atMs":17,"lastAtMs":17,"times":1}],"evidenceDropped":0}',
    '{"endpoint":"default","report":{"source":"callback","status":"approved","statusText":"approved","subject":"payout","transactionType":"payout","orderId":"","amount":"","currency":"EUR","stage":null,"serialNumber":null,"redirectTo":null,"reason":null,"processorTxId":null}}',
    '{"found":true,"report":{"source":"poll","status":"approved","statusText":"approved","subject":"payout","transactionType":"payout","orderId":"","amount":"","currency":"EUR","stage":null,"serialNumber":"","redirectTo":null,"reason":null,"processorTxId":null}}',
    '{"endpoint":"default","request":{"clientOrderId":"","amount":"","currency":"EUR","receiver":{},"extraFields":{},"destination":{"type":"bank_account","accountNumber":"DE',
    'encodingjson/plain',
  ].join(''),
);

const PLAIN = 0;
const DEFLATED = 1;
/** Above what the server stores of one payload. */
const MOST_BYTES = 8 * 1024 * 1024;

/** The shorter of the bytes as they are and the bytes deflated, after a mark that says which. */
export function pack(bytes: Buffer): Buffer {
  const deflated = deflateRawSync(bytes, { dictionary: DICTIONARY, level: 9 });
  return deflated.length < bytes.length
    ? Buffer.concat([Buffer.of(DEFLATED), deflated])
    : Buffer.concat([Buffer.of(PLAIN), bytes]);
}

/** @throws Error for bytes that `pack` did not make */
export function unpack(packed: Buffer): Buffer {
  const bytes = packed.subarray(1);
  if (packed[0] === PLAIN) return bytes;
  if (packed[0] !== DEFLATED) throw new RangeError('expected a known mark');
  return inflateRawSync(bytes, { dictionary: DICTIONARY, maxOutputLength: MOST_BYTES });
}
