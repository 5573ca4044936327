import { render } from 'preact';
import { App } from './app';
import { listenToKeys } from './state/keys';
import { start } from './state/network';
import { listenToNews } from './state/notices';
import { readPreferences } from './state/preferences';
import { followLinks } from './state/route';
import './ui/app.css';

readPreferences();
followLinks();
listenToKeys();
listenToNews();
start();
render(<App />, document.getElementById('app')!);
