import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { type Pair, percentEncode } from '../../../simulator/wire/form';

/** The protocol's golden vectors (sections 8.4, 8.5 and 8.7), character for character. */
export const PUBLIC_KEY_PEM = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAoaeilrwU/Ep+qSSEIqeX
dJ0usZRZ84sALQphhetzqH9tjT1Gl7AZhAIC2SwacCPxfq8s88MSEFW6ql+EDPg2
b5JlFhjYnUUFhUBKeWqH546LOjI3+Yt+df6Qqz2XYDZxRAkuOF32QFAnwb/Khz6c
Vbnd6tvaTxObuIpmVNIbVbVBqdwU7h3QbFQIsKn8rqLBq9K3HztvWR4Qddmcls0y
3q2aUv3BrUBKScUjxsE7T3clAp5mEpTWPi9ue6wuBLhrpixxS2nCQiP+IPIB2VIS
c0/uzT4Q8YAdvWpe0v72Oe6L5TiDmNf2yObwiLMlMX4bITqkqb9vNeHYHpVp4NAM
tQIDAQAB
-----END PUBLIC KEY-----
`;

const O1_BASE =
  'POST&https%3A%2F%2Fsandbox.example.com%2Fpaynet%2Fapi%2Fv4%2Fpayout%2F1144&account_number%3DDE89370400440532013000%26amount%3D10.50%26bank_branch%3DMain%2520%2528HQ%2529%26bank_name%3DCool%2520Bank%26client_orderid%3DPO-000001%26currency%3DEUR%26email%3D%26first_name%3DJos%25C3%25A9%26last_name%3DO%2527Neil%26oauth_consumer_key%3Dcp-demo%26oauth_nonce%3D9f2c1d7ab04e4f6e8b3a5c6d7e8f9012%26oauth_signature_method%3DRSA-SHA256%26oauth_timestamp%3D1732276800%26oauth_version%3D1.0%26order_desc%3DInvoice%2520%252342%2520%2526%2520fee%252Btax%26server_callback_url%3Dhttps%253A%252F%252Fcp.example.org%252Fcb%253Fsrc%253Dgw';

const O2_BASE =
  'POST&https%3A%2F%2Fsandbox.example.com%2Fpaynet%2Fapi%2Fv4%2Fstatus%2F1144&client_orderid%3DPO-000001%26login%3Dcp-demo%26oauth_consumer_key%3Dcp-demo%26oauth_nonce%3D00000000000000000000000000000001%26oauth_signature_method%3DRSA-SHA256%26oauth_timestamp%3D1732276805%26oauth_version%3D1.0%26orderid%3D6768788';

const O1_OAUTH: readonly Pair[] = [
  ['oauth_consumer_key', 'cp-demo'],
  ['oauth_nonce', '9f2c1d7ab04e4f6e8b3a5c6d7e8f9012'],
  ['oauth_signature_method', 'RSA-SHA256'],
  ['oauth_timestamp', '1732276800'],
  ['oauth_version', '1.0'],
];

const O2_OAUTH: readonly Pair[] = [
  ['oauth_consumer_key', 'cp-demo'],
  ['oauth_nonce', '00000000000000000000000000000001'],
  ['oauth_signature_method', 'RSA-SHA256'],
  ['oauth_timestamp', '1732276805'],
  ['oauth_version', '1.0'],
];

function headerOf(oauth: readonly Pair[], signature: string): string {
  const all = [...oauth, ['oauth_signature', signature] as const];
  return `OAuth ${all.map(([name, value]) => `${name}="${percentEncode(value)}"`).join(', ')}`;
}

export const O1 = {
  url: 'https://sandbox.example.com/paynet/api/v4/payout/1144',
  body: [
    ['client_orderid', 'PO-000001'],
    ['amount', '10.50'],
    ['currency', 'EUR'],
    ['order_desc', 'Invoice #42 & fee+tax'],
    ['account_number', 'DE89370400440532013000'],
    ['bank_name', 'Cool Bank'],
    ['bank_branch', 'Main (HQ)'],
    ['first_name', 'Jos\u00e9'],
    ['last_name', "O'Neil"],
    ['email', ''],
    ['server_callback_url', 'https://cp.example.org/cb?src=gw'],
  ] as readonly Pair[],
  oauth: O1_OAUTH,
  nonce: '9f2c1d7ab04e4f6e8b3a5c6d7e8f9012',
  timestampSeconds: 1732276800,
  baseString: O1_BASE,
  authorization:
    'OAuth oauth_consumer_key="cp-demo", oauth_nonce="9f2c1d7ab04e4f6e8b3a5c6d7e8f9012", oauth_signature="fBQMUoyRGRiA6WjeT8sd6igZg7JraHfVRzeFvv1FjzfdQXyoyC%2FzogxrS26llhLLH2Jl9aKVmFqhZKnasxypYYrg2z%2FMoh%2BgqD4B0FYIg6fLMZhXd3hvyHZyqOHEgqyizJkFVxvhT%2BEvFlLNm%2BlYUfhnFpBeSX92sJNemBLnLHAln8tdo7aDt8Z83HqdUZ1oeO8JKIVSoamUeKITw6MKdwMc50Um0u2gfBVWGaec%2FxvNuANmZ4KRqHrZrH2bL0%2Bh2lux1JWlpScCGeigd4PNUoFNWVDOXznK%2FLI0CFYuyFz7SDjtX3CTIq17BI7%2Bi%2FlEb0PL%2FyFtAY2WaGeKngs2lg%3D%3D", oauth_signature_method="RSA-SHA256", oauth_timestamp="1732276800", oauth_version="1.0"',
  /** A fresh key's signature over any base string. */
  signFreshly(baseString: string) {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const signature = sign('RSA-SHA256', Buffer.from(baseString), createPrivateKey(privateKey)).toString('base64');
    return { authorization: headerOf(O1_OAUTH, signature), publicKey: createPublicKey(publicKey) };
  },
};

export const O2 = {
  url: 'https://sandbox.example.com/paynet/api/v4/status/1144',
  body: [
    ['login', 'cp-demo'],
    ['client_orderid', 'PO-000001'],
    ['orderid', '6768788'],
  ] as readonly Pair[],
  oauth: O2_OAUTH,
  nonce: '00000000000000000000000000000001',
  timestampSeconds: 1732276805,
  baseString: O2_BASE,
  authorization: headerOf(
    O2_OAUTH,
    'lPB0sGimNC75TgYwqeQy/4xOVhMb7in4bxTn78cp2Djd9XKYVqeMSmfpQZXGZPnerQHPYoV0b8tScGSQ/TKPcJHrHA7cIsdcWcjLLn7Q0iusfrReXV/F1vZa98zJjMCVaDCcc4X6Y4b8SL3zH/u6rlFc4VBbeGZOCkzSeLrrDipoNGHFNwOMjUMVLA1ZgdUZTSbnwmF/dL2OjGfJUMYj46ZuaXvpkZrZ6gwR8JjT9V0zpaenmLdO4Pehy9CRotw/YjYAsUhPKHzl6tB0ne14v16Ow+utZEl5gVM8QkWk+K7rsgbcPjc9SDpAytHGIbgB8DFfsn5AdltI/H+GDHUCUA==',
  ),
};

export const GOLDEN_PUBLIC_KEY = createPublicKey(PUBLIC_KEY_PEM);
