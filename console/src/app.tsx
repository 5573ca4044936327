import { Component, type ComponentChildren, type ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from './i18n';
import { waiting } from './state/network';
import { address, page, param } from './state/route';
import { Header } from './ui/header';
import { KeyList } from './ui/key-list';
import { LostLine } from './ui/lost-line';
import { Notices } from './ui/notices';
import { SignIn } from './ui/sign-in';
import { MapPage } from './screens/map/page';

/** A page in a file of its own, loaded when it is first opened. */
function later(load: () => Promise<ComponentType>): ComponentType {
    let known: ComponentType | null = null;
    return function Later() {
        const [Page, setPage] = useState<ComponentType | null>(() => known);
        const [failed, setFailed] = useState(false);
        useEffect(() => {
            if (known === null) load().then((made) => (setPage(() => (known = made)), undefined), () => setFailed(true));
        }, []);
        if (failed) return <Broken />;
        return Page === null ? <main class="empty">{t('loading')}</main> : <Page />;
    };
}

const pages: Record<string, ComponentType> = {
    '': MapPage,
    sites: later(() => import('./screens/section/page').then((module) => module.default)),
    overview: later(() => import('./screens/overview/page').then((module) => module.default)),
    air: later(() => import('./screens/air/page').then((module) => module.default)),
    data: later(() => import('./screens/data/page').then((module) => module.default)),
    ops: later(() => import('./screens/ops/page').then((module) => module.default)),
    wall: later(() => import('./screens/wall/page').then((module) => module.default)),
    alerts: later(() => import('./screens/alerts/page').then((module) => module.default)),
};

function NotFound() {
    return (
        <main class="empty">
            <h1 class="f20">{t('notFoundPage')}</h1>
            <p>
                <a href={address('/')}>{t('map')}</a>
            </p>
        </main>
    );
}

function Broken({ code }: { code?: string }) {
    return (
        <main class="empty">
            <h1 class="f20">{t('pageError')}</h1>
            {code && <p class="f12 m">{code}</p>}
            <button type="button" class="btn" onClick={() => location.reload()}>
                {t('reload')}
            </button>
        </main>
    );
}

class Guard extends Component<{ children: ComponentChildren }, { error: Error | null }> {
    override state = { error: null as Error | null };
    static override getDerivedStateFromError(error: Error) {
        return { error };
    }
    override render() {
        return this.state.error === null ? this.props.children : <Broken code={this.state.error.message} />;
    }
}

export function App() {
    const Page = pages[page.value] ?? NotFound;
    const title = `${waiting.value > 0 ? `(${waiting.value}) ` : ''}${t('brand')}`;
    useEffect(() => {
        document.title = title;
    }, [title]);
    if (param('mode') === 'wall' && pages.wall) {
        const Wall = pages.wall;
        return (
            <Guard>
                <Wall />
            </Guard>
        );
    }
    return (
        <div class="app">
            <Header />
            <LostLine />
            <KeyList />
            <Guard key={page.value}>
                <Page />
            </Guard>
            <SignIn />
            <Notices />
        </div>
    );
}
