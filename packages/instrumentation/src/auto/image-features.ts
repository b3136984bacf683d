import { Misuse } from '../faults.ts';
import type { Image, Tensor } from './model-data.ts';
import { batchOf, numberReader } from './tensor-values.ts';

/** A type, since interfaces do not pass for a record of features. */
export type ImageFeatures = {
  readonly width: number;
  readonly height: number;
  readonly aspectRatio: number;
  /** The mean over pixels and colours: 0 is black, 1 is white; for tensors in the units of the tensor. */
  readonly brightness: number;
  /** The standard deviation of the pixels' brightness. */
  readonly contrast: number;
};

/** More pixels say no more about brightness, and a photograph has millions. */
const MAX_PIXELS = 4096;

/** What may be told of an image without showing it. */
export function imageFeatures({ width, height, channels, data }: Image): ImageFeatures {
  return featuresOf(channelsLast(height, width, channels), (index) => (data[index] ?? 0) / 255);
}

/** The same of each image in a batch, N x C x H x W or N x H x W x C. Throws a Misuse for other shapes. */
export function imageTensorFeatures(name: string, tensor: Tensor): readonly ImageFeatures[] {
  const { dims } = tensor;
  const [first = 0, second = 0, third = 0] = dims.slice(-3);
  const layout = isChannels(third) ? channelsLast(first, second, third) : channelsFirst(first, second, third);
  if (dims.length < 3 || layout === undefined) {
    throw new Misuse(`tensor "${name}" of ${dims.join(' x ')} is no batch of images: N x C x H x W or N x H x W x C`);
  }
  const values = first * second * third;
  const read = numberReader(tensor);
  const images = dims.length === 3 ? 1 : batchOf(tensor);
  return Array.from({ length: images }, (_, image) => featuresOf(layout, (index) => read(image * values + index)));
}

interface Layout {
  readonly width: number;
  readonly height: number;
  readonly colours: number;
  /** Values from one pixel to the next, and from one of its channels to the next. */
  readonly pixelStep: number;
  readonly channelStep: number;
}

const isChannels = (size: number): boolean => size === 1 || size === 3 || size === 4;
/** Transparency is no colour. */
const colours = (channels: number): number => (channels < 3 ? 1 : 3);

function channelsLast(height: number, width: number, channels: number): Layout {
  return { width, height, colours: colours(channels), pixelStep: channels, channelStep: 1 };
}

function channelsFirst(channels: number, height: number, width: number): Layout | undefined {
  if (!isChannels(channels)) return undefined;
  return { width, height, colours: colours(channels), pixelStep: 1, channelStep: width * height };
}

function featuresOf(layout: Layout, read: (index: number) => number): ImageFeatures {
  const { width, height, colours, pixelStep, channelStep } = layout;
  const pixels = width * height;
  // Odd, so that it walks over the columns of the usual even widths.
  const every = Math.floor(pixels / MAX_PIXELS) | 1;
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (let pixel = 0; pixel < pixels; pixel += every) {
    let sum = 0;
    for (let colour = 0; colour < colours; colour++) sum += read(pixel * pixelStep + colour * channelStep);
    const brightness = sum / colours;
    const distance = brightness - mean;
    count++;
    mean += distance / count;
    squares += distance * (brightness - mean);
  }
  return {
    width,
    height,
    aspectRatio: width / height,
    brightness: mean,
    contrast: Math.sqrt(squares / Math.max(1, count)),
  };
}
