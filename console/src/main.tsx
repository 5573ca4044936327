import { render } from 'preact';
import { App } from './app';
import { listenToKeys } from './state/keys';
import { start } from './state/network';
import { readPreferences } from './state/preferences';
import { followLinks } from './state/route';
import './ui/app.css';

readPreferences();
followLinks();
listenToKeys();
start();
render(<App />, document.getElementById('app')!);
