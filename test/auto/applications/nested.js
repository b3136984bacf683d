// The application watches its own predict, and what runs in there is watched from outside as well.
import { monitorModel } from '@driftline/instrumentation';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const session = await InferenceSession.create('./late-arrival.onnx');
const predict = monitorModel({ name: 'late-arrival', features: { rows: 'numeric' } }).wrap(
  async (rows) => {
    const { probabilities } = await session.run({
      numbers: new Tensor('float32', new Float32Array(9 * rows).fill(8), [rows, 9]),
      names: new Tensor('string', Array.from({ length: rows }, () => ['UA', 'EWR', 'Monday']).flat(), [rows, 3]),
    });
    return Number(probabilities.data[1]);
  },
  { features: (rows) => ({ rows }), prediction: (score) => ({ score }) },
);
for (let call = 0; call < 5; call++) await predict(2);
