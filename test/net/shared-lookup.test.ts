import { shareLookups } from '../../src/net/shared-lookup';

function setUp() {
  const asked: { host: string; answer: (address: string) => void }[] = [];
  const lookup = shareLookups<null, [string]>((host, _options, answer) => void asked.push({ host, answer }));
  const told: string[] = [];
  const ask = (host: string) => lookup(host, null, (address) => void told.push(`${host} ${address}`));
  return { asked, told, ask };
}

it('a host that hangs is looked up once, whatever asks for it, and another host beside it', () => {
  const { asked, told, ask } = setUp();
  for (let n = 0; n < 40; n += 1) ask('hangs.example');
  ask('fine.example');
  expect(asked.map(({ host }) => host)).toEqual(['hangs.example', 'fine.example']);
  asked[1]?.answer('192.0.2.1');
  expect(told).toEqual(['fine.example 192.0.2.1']);
  asked[0]?.answer('192.0.2.2');
  expect(told.slice(1)).toEqual(Array.from({ length: 40 }, () => 'hangs.example 192.0.2.2'));
});

it('what was answered is not kept', () => {
  const { asked, told, ask } = setUp();
  ask('a.example');
  asked[0]?.answer('192.0.2.1');
  ask('a.example');
  asked[1]?.answer('192.0.2.3');
  expect(told).toEqual(['a.example 192.0.2.1', 'a.example 192.0.2.3']);
});
