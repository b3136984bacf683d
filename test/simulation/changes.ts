import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import type { Change } from './features.ts';

const cdf = normalCdf.factory(0, 1);
const quantile = normalQuantile.factory(0, 1);

/** A normal that moved by so many standard deviations. */
export function shifted(sd: number): Change {
  return (u) => (u <= 0 ? 0 : u >= 1 ? 1 : cdf(quantile(u) - sd));
}

/** A normal whose variance grew by this factor. */
export function widened(factor: number): Change {
  const scale = Math.sqrt(factor);
  return (u) => (u <= 0 ? 0 : u >= 1 ? 1 : cdf(quantile(u) / scale));
}

/** A share of the rows of a normal takes one value. */
export function spiked(share: number, at = 0.3): Change {
  return (u) => (1 - share) * u + (u >= at ? share : 0);
}

/** A share of the rows of a normal moves far up. */
export function strayed(share: number, sd: number): Change {
  const far = shifted(sd);
  return (u) => (1 - share) * u + share * far(u);
}

/** Two modes, with the mean and the variance of the normal that they replace. */
export function parted(distance: number): Change {
  const sd = Math.sqrt(1 - distance ** 2);
  return (u) => {
    if (u <= 0) return 0;
    if (u >= 1) return 1;
    const x = quantile(u);
    return (cdf((x - distance) / sd) + cdf((x + distance) / sd)) / 2;
  };
}
