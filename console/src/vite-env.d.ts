/// <reference types="vite/client" />
/** MapLibre as tools/maplibre.ts builds it. */
declare module 'virtual:maplibre' {
    export { Map, prewarm } from 'maplibre-gl';
}
