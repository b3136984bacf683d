"""scikit-learn's runtime of MLServer; its answers also say which trace the request came with."""

from mlserver.types import InferenceRequest, InferenceResponse, Parameters
from mlserver_sklearn import SKLearnModel


class TracedModel(SKLearnModel):
    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        headers = getattr(payload.parameters, "headers", None) or {}
        response = await super().predict(payload)
        response.parameters = Parameters(traceparent=headers.get("traceparent"))
        return response
