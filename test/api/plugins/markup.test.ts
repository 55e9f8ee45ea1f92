import { fill, markup } from '../../../src/api/plugins/markup';

it('escapes what is put into it, for text and for quoted attributes', () => {
  expect(markup`<p title="${`"'\`<>&`}">${'<script>'}</p>`.text).toBe(
    '<p title="&quot;&#39;&#96;&lt;&gt;&amp;">&lt;script&gt;</p>',
  );
});

it('puts pieces in as they are, numbers as digits, null as nothing', () => {
  const pieces = ['a', '<b>'].map((text) => markup`<li>${text}</li>`);
  expect(markup`<ul>${pieces}</ul>${null}${7}`.text).toBe('<ul><li>a</li><li>&lt;b&gt;</li></ul>7');
});

it('fills a file with values, escaped, once: a value is never a name to be filled', () => {
  const values = { title: '{{text}}<i>', text: markup`<b>${'&'}</b>`, none: null };
  expect(fill('<p title="{{title}}">{{text}}{{none}}{{unknown}}</p>', values)).toBe(
    '<p title="{{text}}&lt;i&gt;"><b>&amp;</b></p>',
  );
});
