import type { Result } from './table.ts';

const [WIDTH, HEIGHT] = [640, 360];
const frame = { left: 60, right: 120, top: 20, bottom: 50 };
/** Dark and light enough on white and on dark pages, and apart for the colour-blind. */
const colours = ['#999999', '#E69F00', '#0072B2', '#009E73'];

/** Detection by shift, a line for each number of rows. */
export function detectionPicture({ rows, title }: Result): string {
  const xs = rows.map((row) => Number(row['shift, sd']));
  const most = Math.max(...xs);
  const series = Object.keys(rows[0] ?? {}).filter((name) => name.startsWith('M = '));
  const x = (shift: number) => frame.left + (shift / most) * (WIDTH - frame.left - frame.right);
  const y = (share: number) => HEIGHT - frame.bottom - share * (HEIGHT - frame.top - frame.bottom);
  const text = (at: { x: number; y: number; anchor?: string; fill?: string }, words: string) =>
    `<text x="${at.x.toFixed(1)}" y="${at.y.toFixed(1)}" text-anchor="${at.anchor ?? 'middle'}" fill="${at.fill ?? '#444'}">${words}</text>`;
  const line = (x1: number, y1: number, x2: number, y2: number, dashes = '') =>
    `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="#bbb"${dashes === '' ? '' : ` stroke-dasharray="${dashes}"`}/>`;
  const grid = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
    line(x(0), y(share), x(most), y(share)),
    text({ x: frame.left - 8, y: y(share) + 4, anchor: 'end' }, `${share * 100} %`),
  ]);
  const ticks = xs
    .filter((_, i) => i % 2 === 0)
    .map((shift) => text({ x: x(shift), y: HEIGHT - frame.bottom + 18 }, String(shift)));
  const floor = [line(x(0.2), y(0), x(0.2), y(1), '4 4'), text({ x: x(0.2), y: frame.top - 6 }, 'floor')];
  const curves = series.map((name, i) => {
    const points = rows.map((row, j) => `${x(xs[j] ?? 0).toFixed(1)},${y(Number(row[name])).toFixed(1)}`).join(' ');
    return `<polyline points="${points}" fill="none" stroke="${colours[i] ?? '#000'}" stroke-width="2.5"/>`;
  });
  const legend = series.map((name, i) => {
    const at = frame.top + 16 + i * 22;
    const colour = colours[i] ?? '#000';
    return `<rect x="${WIDTH - frame.right + 16}" y="${at - 5}" width="18" height="4" fill="${colour}"/>${text({ x: WIDTH - frame.right + 40, y: at, anchor: 'start' }, thousands(name))}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>${title}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...grid,
    ...ticks,
    ...floor,
    ...curves,
    ...legend,
    text({ x: (x(0) + x(most)) / 2, y: HEIGHT - 10 }, 'shift of a normal, in standard deviations'),
    '</svg>',
    '',
  ].join('\n');
}

function thousands(name: string): string {
  return name.replace(/\d+/, (digits) => Number(digits).toLocaleString('en-US'));
}
