/** A base string by RFC 5849 section 3.4.1, written from the text of the standard and byte by byte, sharing no code with the product. */
const UNRESERVED = new Set(Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~'));

function encode(text: string): string {
  let encoded = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    encoded += UNRESERVED.has(byte)
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).padStart(2, '0').toUpperCase()}`;
  }
  return encoded;
}

export function oracleBaseString(url: string, parameters: readonly (readonly [string, string])[]): string {
  const match = /^(https?):\/\/([^/:]+)(?::(\d+))?(\/[^?#]*)$/i.exec(url);
  if (match === null) throw new Error('oracle: unexpected URL');
  const [, scheme = '', host = '', port, path = ''] = match;
  const isDefaultPort = port === undefined || port === (scheme.toLowerCase() === 'https' ? '443' : '80');
  const baseUrl = `${scheme.toLowerCase()}://${host.toLowerCase()}${isDefaultPort ? '' : `:${port}`}${path}`;
  const pairs = parameters.map(([name, value]) => [Buffer.from(encode(name)), Buffer.from(encode(value))] as const);
  pairs.sort(([a], [b]) => Buffer.compare(a, b));
  return ['POST', baseUrl, pairs.map(([name, value]) => `${name}=${value}`).join('&')]
    .map((part, index) => (index === 0 ? part : encode(part)))
    .join('&');
}
