import { render } from 'preact';
import { App } from './app';
import { expectMap } from './screens/map/canvas';
import { listenToKeys } from './state/keys';
import { followMoment } from './state/moment';
import { start } from './state/network';
import { listenToNews } from './state/notices';
import { readPreferences } from './state/preferences';
import { followLinks, page } from './state/route';
import './ui/app.css';

readPreferences();
if (page.value === '') expectMap();
followLinks();
listenToKeys();
listenToNews();
start();
followMoment();
render(<App />, document.getElementById('app')!);
