import { getJson, Refusal, root } from './http';

export interface Session {
    name: string | null;
    scopes: string[];
    title: string;
    /** Not where a proxy has signed one in: it alone can sign one out. */
    can_sign_out: boolean;
}

export const session = (): Promise<Session> => getJson('/api/v1/session');

/** The token goes into a cookie that no script can read. */
export async function signIn(token: string, keep: boolean): Promise<void> {
    const form = new URLSearchParams({ token, next: '/api/v1/session' });
    if (keep) form.set('keep', '1');
    let response: Response;
    try {
        response = await fetch(`${root}/login`, { method: 'POST', body: form, redirect: 'manual', headers: { Accept: 'application/json' } });
    } catch {
        throw new Refusal(0, 'unreachable', '');
    }
    if (response.type !== 'opaqueredirect' && !response.ok)
        throw new Refusal(response.status, 'sign_in', '', Number(response.headers.get('Retry-After')) || null);
}

export async function signOut(): Promise<void> {
    await fetch(`${root}/logout`, { method: 'POST', redirect: 'manual' });
}
