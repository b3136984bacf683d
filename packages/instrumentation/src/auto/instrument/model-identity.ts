/** What is known of a model before anybody configured anything. */
export interface ModelIdentity {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly source: string | undefined;
}

export interface IdentityHints {
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  readonly source?: string | undefined;
}

/**
 * Where the library knows no name, a model is called like its file, or like the folder of a file with a name that all
 * models' files have: `/models/fraud/7/model.onnx`, as Triton and TensorFlow Serving lay them out, is fraud 7.
 */
export function modelIdentity({ name, version, source }: IdentityHints): ModelIdentity {
  if (name !== undefined || source === undefined || isNoPlace(source)) return { name, version, source };
  const [file = '', folder, folderAbove] = segmentsOf(source).toReversed();
  const stem = withoutExtension(file);
  if (!isGeneric(stem) || folder === undefined) return { name: stem, version, source };
  const isVersion = /^\d+$/.test(folder) && folderAbove !== undefined;
  return isVersion ? { name: folderAbove, version: version ?? folder, source } : { name: folder, version, source };
}

/** By name, or by the end of path or URL, with or without the extension. */
export function isCalled({ name, source }: Pick<ModelIdentity, 'name' | 'source'>, match: string | RegExp): boolean {
  if (match instanceof RegExp) return [name, source].some((text) => text !== undefined && text.search(match) >= 0);
  if (match === name || match === source) return true;
  if (source === undefined || match === '') return false;
  const wanted = segmentsOf(match);
  const end = segmentsOf(source).slice(-wanted.length);
  const [file = ''] = end.slice(-1);
  return [file, withoutExtension(file)].some((name) => [...end.slice(0, -1), name].join('/') === wanted.join('/'));
}

function segmentsOf(source: string): readonly string[] {
  return source
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/[?#].*$/, '')
    .split(/[\\/]/)
    .filter((segment) => segment !== '' && segment !== '.');
}

const withoutExtension = (file: string): string => file.replace(/(?<=.)\.[a-z0-9_]+$/i, '');

/** The bytes themselves, or a handle to them. */
const isNoPlace = (source: string): boolean => /^(?:data|blob):/i.test(source);

const isGeneric = (stem: string): boolean => /^(?:model|saved_model|index|weights)(?:[_-].*)?$/i.test(stem);
