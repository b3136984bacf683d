import { instrumentModule, onnxruntime } from '@driftline/instrumentation/auto/module';
import profile from './employment.profile.json' with { type: 'json' };
import { loadRuntime } from './your-service.ts'; // () => import('onnxruntime-web')

export const { exports: ort } = instrumentModule(onnxruntime, await loadRuntime(), { profiles: [profile] });
