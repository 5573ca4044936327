import type { Map as MapLibre } from 'maplibre-gl';

/** Whether the processor draws the picture, for want of graphics: then what a frame takes goes by its pixels. */
export function isDrawnByProcessor(canvas: HTMLCanvasElement): boolean {
    const gl = canvas.getContext('webgl2');
    if (gl === null) return false;
    const told = String(gl.getParameter(gl.RENDERER));
    const hidden = told === 'WebKit WebGL' ? gl.getExtension('WEBGL_debug_renderer_info') : null;
    return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(hidden ? String(gl.getParameter(hidden.UNMASKED_RENDERER_WEBGL)) : told);
}

const rest = 150;
/** Where the processor draws, a map is drawn with four tenths of the pixels each way while it moves, and with all of them when it has come to rest. */
export class Resolution {
    /** While it changes: the map then says once more that it moved, and nobody has moved it. */
    changing = false;
    private coarse = false;
    private sharpen = 0;

    constructor(private readonly map: MapLibre) {
        if (!isDrawnByProcessor(map.getCanvas())) return;
        map.on('movestart', (event) => {
            // not for a jump, which is one picture
            if (!event.originalEvent && !map.isMoving()) return;
            window.clearTimeout(this.sharpen);
            this.set(true);
        });
        map.on('moveend', () => {
            if (this.changing) return;
            window.clearTimeout(this.sharpen);
            this.sharpen = window.setTimeout(() => this.set(map.isMoving()), rest);
        });
    }
    remove(): void {
        window.clearTimeout(this.sharpen);
    }
    private set(coarse: boolean): void {
        if (this.changing || this.coarse === coarse) return;
        this.coarse = coarse;
        this.changing = true;
        const { map } = this;
        const stop = map.stop.bind(map);
        // another size of the picture would end the dragging
        map.stop = () => map;
        map.setPixelRatio(window.devicePixelRatio / (coarse ? 2.5 : 1));
        map.stop = stop;
        this.changing = false;
    }
}
