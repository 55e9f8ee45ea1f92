/** Of every page of a Receiver: nothing but our own script and style, no frame around it, no address told to others, nothing kept. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const;

/** Where the gateway's form leads back to when the link of the page is too long for it. Knows nobody. */
export const LANDING_PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>Your payout</title></head>
<body><main><h1>Thank you</h1><p>Your details were handed over. Your payout is being processed; you can close this page.</p></main></body>
</html>
`;
