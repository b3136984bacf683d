// It knows nothing of Driftline, nor of OpenTelemetry.
import * as sagemaker from '@aws-sdk/client-sagemaker-runtime';
import aiplatform from '@google-cloud/aiplatform';
import grpc from '@grpc/grpc-js';
import { askEachDocumented } from './ask-documented.js';

await askEachDocumented({ sagemaker, aiplatform, grpc });
