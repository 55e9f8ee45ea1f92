import { shareLookups } from '../../src/net/shared-lookup';

function setUp() {
  const asked: { host: string; answer: (address: string) => void }[] = [];
  const lookup = shareLookups<null, [string]>((host, _options, answer) => void asked.push({ host, answer }));
  const notified: string[] = [];
  const ask = (host: string) => lookup(host, null, (address) => void notified.push(`${host} ${address}`));
  return { asked, notified, ask };
}

it('a host that hangs is looked up once, whatever asks for it, and another host beside it', () => {
  const { asked, notified, ask } = setUp();
  for (let n = 0; n < 40; n += 1) ask('hangs.example');
  ask('fine.example');
  expect(asked.map(({ host }) => host)).toEqual(['hangs.example', 'fine.example']);
  asked[1]?.answer('192.0.2.1');
  expect(notified).toEqual(['fine.example 192.0.2.1']);
  asked[0]?.answer('192.0.2.2');
  expect(notified.slice(1)).toEqual(Array.from({ length: 40 }, () => 'hangs.example 192.0.2.2'));
});

it('what was answered is not kept', () => {
  const { asked, notified, ask } = setUp();
  ask('a.example');
  asked[0]?.answer('192.0.2.1');
  ask('a.example');
  asked[1]?.answer('192.0.2.3');
  expect(notified).toEqual(['a.example 192.0.2.1', 'a.example 192.0.2.3']);
});
