import { signal } from '@preact/signals';
import { t } from '../../i18n';
import { run, strip } from '../../model/matrix';
import { groupOf } from '../../model/order';
import { overText, sinceText } from '../../model/reasons';
import { duration } from '../../model/time';
import { alertOf, loaded, newestPlace, now, orderedSites, parameterName, siteName, sites, water } from '../../state/network';
import { moment, shownSites } from '../../state/moment';
import { address, selected } from '../../state/route';
import { Actions } from '../../ui/actions';
import { deadlineText } from '../../ui/deadlines';
import { Disc, lookOf } from '../../ui/disc';
import { Divider } from '../../ui/divider';
import { Icon, Strip } from '../../ui/parts';
import { MapCanvas } from './canvas';
import { Detail } from './detail';
import { SiteList } from './list';
import { TimeStrip } from './time-strip';

export const listShown = signal(true);
export const detailShown = signal(true);

export function MapPage() {
    const chosen = selected.value;
    const site = chosen === null ? undefined : ((moment.value === null ? undefined : shownSites.value.find((one) => one.id === chosen)) ?? sites.value.get(chosen));
    const open = selected.value !== null && detailShown.value && loaded.value === 'ready';
    return (
        <main class={`mp${open ? ' open' : ''}${listShown.value ? '' : ' nolist'}`}>
            <h1 class="vh">{t('map')}</h1>
            <button type="button" hidden data-key="[" onClick={() => (listShown.value = !listShown.value)} />
            <button type="button" hidden data-key="]" onClick={() => (detailShown.value = !detailShown.value)} />
            {!open && <FirstThing />}
            {listShown.value && <SiteList />}
            {listShown.value && <Divider column="list" usual={340} />}
            <div class="mc">
                <MapCanvas />
                <TimeStrip />
            </div>
            {open && <Divider column="detail" usual={380} />}
            {open && (site ? <Detail site={site} /> : <section class="det empty">{t('noSite')}</section>)}
        </main>
    );
}

/** On a phone: what to do first, before the map. */
function FirstThing() {
    const site = orderedSites.value[0];
    const alert = site && alertOf(site);
    if (!site || !alert || groupOf(site) !== 'act') return null;
    return (
        <section class="firstthing" aria-label={t('group_act')}>
            <div class="row">
                <span class={`chip ${alert.severity}`}>{t(alert.severity)}</span>
                <b>
                    {t(alert.state)} {duration(now.value - Date.parse(alert.opened_at))}
                </b>
                <span class="grow" />
                <span class="f12 m">{deadlineText(alert, now.value)}</span>
            </div>
            <a class="row" href={address('/', { site: site.id })} style={{ margin: '10px 0', textDecoration: 'none' }}>
                <Disc {...lookOf(site)} severity={null} r={21} />
                <span class="grow">
                    <b class="f16">{siteName(site)}</b> <span class="f12 m">{[site.water, site.county].filter(Boolean).join(' · ')}</span>
                    <span class="f13" style={{ display: 'block' }}>
                        {overText(site, parameterName)}
                    </span>
                    {water.value && (
                        <span class="row f11 m">
                            <Strip row={strip(water.value, site.id, 16, newestPlace.value)} /> {sinceText(run(water.value, site.id, newestPlace.value), alert, site, now.value)}
                        </span>
                    )}
                </span>
                <Icon of="next" />
            </a>
            <Actions alert={alert} compact />
        </section>
    );
}
