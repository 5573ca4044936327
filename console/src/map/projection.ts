/* Gauss-Krüger on CGCS2000 by the central meridian 111° E (EPSG:4546), for the foot of the map. Series to the sixth power of the distance from the
 * meridian: better than a millimetre within its zone. */

const a = 6378137;
const f = 1 / 298.257222101;
const e2 = f * (2 - f);
const second = e2 / (1 - e2);

function meridianArc(latitude: number): number {
    const n = f / (2 - f);
    const n2 = n * n;
    const n3 = n2 * n;
    const n4 = n3 * n;
    return (
        (a / (1 + n)) *
        ((1 + n2 / 4 + n4 / 64) * latitude -
            (1.5 * n - (3 / 16) * n3) * Math.sin(2 * latitude) +
            ((15 / 16) * n2 - (15 / 64) * n4) * Math.sin(4 * latitude) -
            (35 / 48) * n3 * Math.sin(6 * latitude) +
            (315 / 512) * n4 * Math.sin(8 * latitude))
    );
}

/** Metres north of the equator (X) and east with 500 km added (Y), as surveyors name them. */
export function gaussKruger(longitude: number, latitude: number, meridian = 111): { x: number; y: number } {
    const b = (latitude * Math.PI) / 180;
    const l = ((longitude - meridian) * Math.PI) / 180;
    const [sin, cos] = [Math.sin(b), Math.cos(b)];
    const t = Math.tan(b) ** 2;
    const eta = second * cos * cos;
    const n = a / Math.sqrt(1 - e2 * sin * sin);
    const m = l * cos;
    const x = meridianArc(b) + n * Math.tan(b) * (m ** 2 / 2 + ((5 - t + 9 * eta + 4 * eta * eta) * m ** 4) / 24 + ((61 - 58 * t + t * t) * m ** 6) / 720);
    const y = n * (m + ((1 - t + eta) * m ** 3) / 6 + ((5 - 18 * t + t * t + 14 * eta - 58 * eta * t) * m ** 5) / 120);
    return { x, y: y + 500_000 };
}

/** The three-degree meridian nearest to a longitude. */
export const meridianOf = (longitude: number): number => Math.round(longitude / 3) * 3;

/** Metres between two places, on a sphere. */
export function distance([x1, y1]: [number, number], [x2, y2]: [number, number]): number {
    const rad = Math.PI / 180;
    const h = Math.sin(((y2 - y1) * rad) / 2) ** 2 + Math.cos(y1 * rad) * Math.cos(y2 * rad) * Math.sin(((x2 - x1) * rad) / 2) ** 2;
    return 2 * 6371008.8 * Math.asin(Math.sqrt(h));
}

/** A circle of so many metres, as a ring. */
export function circleRing([x, y]: [number, number], metres: number): [number, number][] {
    const dy = metres / 111_195;
    const dx = dy / Math.cos((y * Math.PI) / 180);
    return Array.from({ length: 65 }, (_, i) => [x + dx * Math.cos((i * Math.PI) / 32), y + dy * Math.sin((i * Math.PI) / 32)]);
}
