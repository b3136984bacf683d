import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCalled, modelIdentity } from './model-identity.ts';

describe('a model is called', () => {
  it.each([
    ['./models/employment.onnx', 'employment', undefined],
    ['C:\\models\\employment.v2.onnx', 'employment.v2', undefined],
    ['https://models.example.com/fraud.onnx?signature=abc', 'fraud', undefined],
    ['/repository/fraud/7/model.onnx', 'fraud', '7'],
    ['https://cdn.example.com/digits/model.json', 'digits', undefined],
    ['model.onnx', 'model', undefined],
  ])('by its source %s: %s', (source, name, version) => {
    expect(modelIdentity({ source })).toEqual({ name, version, source });
  });

  it('as the library calls it, if it does', () => {
    expect(modelIdentity({ name: 'sentiment', source: '/a/b.onnx' }).name).toBe('sentiment');
  });

  it.each(['data:application/octet-stream;base64,AAAA', 'blob:https://shop.example.com/4f0d'])(
    'nothing by %s',
    (source) => {
      expect(modelIdentity({ source }).name).toBeUndefined();
    },
  );
});

describe('a model is meant', () => {
  const model = { name: 'fraud', source: 'https://models.example.com/shop/fraud.v2.onnx?token=1' };

  it.each(['fraud', 'fraud.v2', 'fraud.v2.onnx', 'shop/fraud.v2.onnx', 'shop/fraud.v2', /^frau/, /example\.com/g])(
    'by %s',
    (match) => {
      expect(isCalled(model, match)).toBe(true);
      expect(isCalled(model, match)).toBe(true);
    },
  );

  it.each(['', '/', 'raud', 'v2.onnx', 'hop/fraud.v2.onnx', 'fraud.onnx', /^raud/])('not by %s', (match) => {
    expect(isCalled(model, match)).toBe(false);
  });

  it('by its own name and source, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        expect(isCalled({ name: text, source: undefined }, text)).toBe(true);
        expect(isCalled({ name: undefined, source: text }, text)).toBe(true);
      }),
    );
  });
});
