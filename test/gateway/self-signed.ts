import { createHash, type KeyObject, randomBytes, sign } from 'node:crypto';

/** Just enough DER for a certificate that nobody has vouched for. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const size = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

const sequence = (...parts: Buffer[]) => der(0x30, ...parts);
const RSA_SHA256 = sequence(der(0x06, Buffer.from('2a864886f70d01010b', 'hex')), der(0x05));
const COMMON_NAME = der(0x06, Buffer.from('550403', 'hex'));

/** A self-signed certificate for `localhost`, valid from 2020 to 2049, as PEM. */
export function makeSelfSigned(keys: { publicKey: KeyObject; privateKey: KeyObject }): string {
  const name = sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from('localhost')))));
  const validity = sequence(der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('491231235959Z')));
  const serial = der(
    0x02,
    Buffer.concat([Buffer.from([1]), createHash('sha1').update(randomBytes(8)).digest().subarray(0, 8)]),
  );
  const spki = keys.publicKey.export({ type: 'spki', format: 'der' });
  const body = sequence(serial, RSA_SHA256, name, validity, name, spki);
  const signature = der(0x03, Buffer.from([0]), sign('RSA-SHA256', body, keys.privateKey));
  const base64 = sequence(body, RSA_SHA256, signature).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${base64.replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
}
