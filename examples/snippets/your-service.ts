/** What the snippets stand on: a service of your own, with a model of a few lines. */

export interface Applicant {
  readonly id: string;
  readonly age: number;
  readonly state: string;
  readonly hours: number;
}

export interface Transaction {
  readonly amount: number;
  readonly country: string;
}

interface Answer {
  readonly probability: { readonly data: readonly [number] };
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

export const toTensor = ({ age, hours }: Applicant): readonly number[] => [age, hours];

export const session = {
  run: async ({ input: [age = 0, hours = 0] }: { readonly input: readonly number[] }): Promise<Answer> => ({
    probability: { data: [logistic((hours - age / 2) / 10)] },
  }),
};

export const applicants: readonly Applicant[] = Array.from({ length: 50 }, (_, i) => ({
  id: `app-${i}`,
  age: 20 + i,
  state: i % 3 === 0 ? 'NY' : 'CA',
  hours: 20 + (i % 25),
}));

type Handler = (applicant: Applicant) => Promise<unknown>;
const handlers = new Map<string, Handler>();

export const app = {
  post: (path: string, handler: Handler): void => void handlers.set(path, handler),
  request: async (path: string, applicant: Applicant): Promise<unknown> => handlers.get(path)?.(applicant),
};

export const callModel = async ({ amount }: Transaction): Promise<{ readonly score: number }> => ({
  score: logistic(amount / 100 - 2),
});

/** Which plan a customer has. */
export const tenants: Readonly<Record<string, string>> = { acme: 'enterprise' };

interface Chunk {
  readonly age: Float64Array;
  readonly hours: Float64Array;
  readonly state: readonly string[];
  readonly at: Float64Array;
}

const column = (value: (row: number) => number): Float64Array =>
  Float64Array.from({ length: 10_000 }, (_, row) => value(row));

/** 100,000 rows of the past hour. */
export async function* readRows(): AsyncGenerator<Chunk> {
  const hourAgoMs = Date.now() - 3_600_000;
  for (let chunk = 0; chunk < 10; chunk += 1) {
    yield {
      age: column((row) => 20 + (row % 50)),
      hours: column((row) => 20 + (row % 25)),
      state: Array.from({ length: 10_000 }, (_, row) => (row % 3 === 0 ? 'NY' : 'CA')),
      at: column((row) => hourAgoMs + chunk * 360_000 + row * 36),
    };
  }
}

export const scoreColumns = ({ age, hours }: Chunk): Float64Array =>
  age.map((years, row) => logistic((hours[row] ?? 0) - years / 2));

export interface Label {
  readonly label: string;
  readonly score: number;
}

/** As `pipeline('text-classification')` of transformers.js answers. */
export const pipeline =
  async (_task: 'text-classification') =>
  async (text: string): Promise<readonly [Label]> => [
    { label: text.includes('not') ? 'negative' : 'positive', score: 0.9 },
  ];

interface Runtime {
  readonly InferenceSession: { create(path: string): Promise<unknown> };
}

/** The real one, by a name that the compiler does not follow: its types want a browser's. */
export const loadRuntime = async (name = 'onnxruntime-node'): Promise<Runtime> => import(name);
