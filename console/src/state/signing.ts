import { signal } from '@preact/signals';

/** Whether the form to sign in stands over the page. */
export const signingIn = signal(false);
