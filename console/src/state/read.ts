import { useEffect, useState } from 'preact/hooks';
import { getJson, Refusal } from '../api/http';
import { t } from '../i18n';

/** What a path gives, read anew when `again` changes; what was read stays until the new one is there. */
export function useRead<T>(path: string, again = 0): { got: T | null; failed: string } {
    const [got, setGot] = useState<T | null>(null);
    const [failed, setFailed] = useState('');
    useEffect(() => {
        let alive = true;
        getJson<T>(path).then((told) => alive && (setGot(told), setFailed('')), (error: unknown) => alive && setFailed(saying(error)));
        return () => {
            alive = false;
        };
    }, [path, again]);
    return { got, failed };
}

/** Why it was not done, in words for whoever asked. */
export function saying(error: unknown): string {
    if (error instanceof Refusal) {
        if (error.status === 401 || error.status === 403) return t('notAllowed');
        return error.detail;
    }
    return error instanceof Error ? error.message : String(error);
}
