import {
  type Instrumentation,
  InstrumentationBase,
  InstrumentationNodeModuleDefinition,
} from '@opentelemetry/instrumentation';
import { VERSION } from '../../version.ts';
import type { AutoInstrumentation } from '../auto-instrumentation.ts';
import { type InstrumentedModule, instrumentModule } from './instrument-module.ts';
import { loadedModules } from './loaded-modules.ts';
import { profilesFromEnvironment } from './profiles-from-environment.ts';
import type { AutoInstrumentationConfig } from './settings.ts';

export type InstrumentationClass = new (
  config?: AutoInstrumentationConfig,
) => Instrumentation<AutoInstrumentationConfig>;

/** What OpenTelemetry's `registerInstrumentations` takes. Profiles are those of `DRIFTLINE_PROFILES` unless it is told others. */
export function instrumentationClass(definition: AutoInstrumentation): InstrumentationClass {
  return class extends InstrumentationBase<AutoInstrumentationConfig> {
    /** All copies of its modules that were loaded: by `import`, by `require`, at several versions. */
    readonly #modules = new Map<object, InstrumentedModule<object>>();

    constructor(config: AutoInstrumentationConfig = {}) {
      // The base class would enable it before this object has its fields.
      super(`@driftline/instrumentation/${definition.name}`, VERSION, { ...config, enabled: false });
      this.setConfig(config);
      if (config.enabled !== false) this.enable();
    }

    override init(): InstrumentationNodeModuleDefinition[] {
      return definition.modules.map(
        ({ name, versions }) =>
          new InstrumentationNodeModuleDefinition(name, [...versions], (exports: object) => this.#instrument(exports)),
      );
    }

    override enable(): void {
      super.enable();
      const loaded = definition.modules.flatMap(({ name }) => loadedModules(name));
      const present = definition.modules.length === 0 ? [globalThis] : loaded;
      for (const exports of new Set([...this.#modules.keys(), ...present])) this.#instrument(exports);
    }

    override disable(): void {
      super.disable();
      for (const module of this.#modules.values()) module.restore();
    }

    #instrument(exports: object): object {
      this.#modules.get(exports)?.restore();
      const instrumented = instrumentModule(definition, exports, () => this.#configuration());
      this.#modules.set(instrumented.exports, instrumented);
      return instrumented.exports;
    }

    #configuration(): AutoInstrumentationConfig {
      const config = this.getConfig();
      return { ...config, profiles: config.profiles ?? profilesFromEnvironment() };
    }
  };
}
