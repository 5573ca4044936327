import { afterEach, describe, expect, it, vi } from 'vitest';
import { load, loaded, mayAdmin, session } from '../../src/state/network';

afterEach(() => vi.unstubAllGlobals());

describe('what the service has told', () => {
    it('is what the last to sign in may see, though what was asked for before comes later', async () => {
        let who: { name: string | null; scopes: string[] } = { name: null, scopes: ['read'] };
        const held: (() => void)[] = [];
        vi.stubGlobal('fetch', async (path: string) => {
            if (path.startsWith('/api/v1/session')) return Response.json({ ...who, title: '' });
            if (path.startsWith('/api/v1/parameters') && who.name === null) await new Promise<void>((done) => held.push(done));
            return Response.json({ parameters: [], features: [], alerts: [], links: [], sites: {}, from: '2026-11-26T00:00:00Z' });
        });
        const before = load();
        who = { name: 'admin-li', scopes: ['read', 'admin'] };
        await load();
        expect([loaded.value, session.value.name, mayAdmin.value]).toEqual(['ready', 'admin-li', true]);
        held[0]!();
        await before;
        expect(session.value.name).toBe('admin-li');
    });
});
