// A service as users have it: it knows nothing of Driftline, nor of OpenTelemetry.
import * as http from 'node:http';
import axios from 'axios';
import got from 'got';
import * as undici from 'undici';
import { askEach } from './ask.js';

await askEach({ axios, got, http, undici });
