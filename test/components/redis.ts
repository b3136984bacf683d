import { debianProgram } from './debian-program.ts';

export const redisServer = debianProgram({
  name: 'Redis',
  package: 'redis-server',
  program: 'usr/bin/redis-server',
  versionFlag: '--version',
  variable: 'DRIFTLINE_REDIS_SERVER',
});
