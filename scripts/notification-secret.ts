import { randomBytes } from 'node:crypto';

/** Prints a new secret for a subscriber of notifications (Standard Webhooks): `whsec_` and base64 of 32 random bytes. */
process.stdout.write(`whsec_${randomBytes(32).toString('base64')}\n`);
