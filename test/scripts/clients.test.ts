import { readSchemas, writeClients } from '../../scripts/clients';
import { readText } from '../docs/documents';

test('the types of the clients are those of the OpenAPI document, and its JavaScript is that of its source: else run `npm run clients`', async () => {
  const files = Object.entries(writeClients(await readSchemas()));
  expect(files.length).toBe(4);
  for (const [file, text] of files) expect(readText(file)).toBe(text);
});
