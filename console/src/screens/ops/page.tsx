import type { ComponentType } from 'preact';
import { t } from '../../i18n';
import { mayAct } from '../../state/network';
import { address, param, place } from '../../state/route';
import { signingIn } from '../../state/signing';
import { Devices } from './devices';
import { Marks } from './marks';
import { Forwards, Outbox } from './outbox';
import { Quarantine } from './quarantine';
import { Rules } from './rules';
import { Tokens } from './tokens';
import { Versions } from './versions';
import './ops.css';

const tabs = { devices: Devices, quarantine: Quarantine, marks: Marks, outbox: Outbox, forwards: Forwards, rules: Rules, tokens: Tokens, versions: Versions } as const satisfies Record<string, ComponentType>;
type Tab = keyof typeof tabs;
const names = Object.keys(tabs) as Tab[];

/** What keeps the service running, for who may operate it: `/ops/devices/{mn}`, `/ops/quarantine` and so on. */
export default function OpsPage() {
    const asked = place.value.path.split('/')[2] ?? param('tab') ?? '';
    const tab = (names as string[]).includes(asked) ? (asked as Tab) : 'devices';
    if (!mayAct.value)
        return (
            <main class="empty">
                <p>{t('signInFirst')}</p>
                <button type="button" class="btn" onClick={() => (signingIn.value = true)}>
                    {t('signIn')}
                </button>
            </main>
        );
    const Tab = tabs[tab];
    return (
        <main class="op">
            <nav class="views" aria-label={t('ops')}>
                <div>
                    {names.map((one) => (
                        <a key={one} href={address(`/ops/${one}`)} aria-current={tab === one ? 'page' : undefined}>
                            {t(one)}
                        </a>
                    ))}
                </div>
            </nav>
            <section class="ob" aria-label={t(tab)}>
                <Tab />
            </section>
        </main>
    );
}
