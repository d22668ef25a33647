"""`tensorflow.serving.PredictionService`: TensorFlow Serving's interface over the model's signature."""

from collections.abc import Collection, Mapping

from app.errors import BodyMalformed, InputInvalid
from app.grpc.call import Call
from app.grpc.inference import Models
from app.grpc.methods import Unary
from app.lifecycle.served_model import ServedModel
from app.types import Inference
from app.wire.protos import tensorflow_serving_pb2 as serving
from app.wire.signature_def import METADATA_FIELD, SIGNATURE
from app.wire.tensor_proto import array_of, fill
from app.wire.tf_examples import examples_of, tensors_of
from app.wire.tf_results import classifications_of, regressions_of
from app.wire.tf_status import metadata_response

SERVICE = "tensorflow.serving.PredictionService"
CLASSIFY, REGRESS = "tensorflow/serving/classify", "tensorflow/serving/regress"
"""The methods of `MultiInference`'s tasks."""


class PredictionService:
    """Answers TensorFlow Serving's five calls; `max_bytes` bounds what a short list of values may be repeated into."""

    def __init__(self, models: Models, max_bytes: int) -> None:
        self._models = models
        self._max_bytes = max_bytes

    def unary(self) -> Mapping[str, Unary]:
        """The methods by name."""
        return {
            "Predict": self.predict,
            "Classify": self.classify,
            "Regress": self.regress,
            "MultiInference": self.multi_inference,
            "GetModelMetadata": self.get_model_metadata,
        }

    async def predict(self, request: serving.PredictRequest, call: Call) -> serving.PredictResponse:
        """Tensors in, tensors out: all outputs, or those of `output_filter`."""
        model = self._find(call, request.model_spec)
        names = _filtered(request.output_filter, model)
        asked = self._models.ask(call, model)
        tensors = {
            name: array_of(tensor, f"/inputs/{name}", self._max_bytes) for name, tensor in request.inputs.items()
        }
        inference = await self._models.infer(asked, tensors)
        response = serving.PredictResponse(model_spec=_spec(model))
        for name in names:
            fill(response.outputs[name], inference.outputs[name])
        return response

    async def classify(self, request: serving.ClassificationRequest, call: Call) -> serving.ClassificationResponse:
        """Examples in, each row's classes with their scores out."""
        model = self._find(call, request.model_spec)
        inference = await self._infer(call, model, request.input)
        return serving.ClassificationResponse(model_spec=_spec(model), result=_classified(inference, model))

    async def regress(self, request: serving.RegressionRequest, call: Call) -> serving.RegressionResponse:
        """Examples in, a number per row out."""
        model = self._find(call, request.model_spec)
        inference = await self._infer(call, model, request.input)
        return serving.RegressionResponse(model_spec=_spec(model), result=_regressed(inference))

    async def multi_inference(
        self, request: serving.MultiInferenceRequest, call: Call
    ) -> serving.MultiInferenceResponse:
        """The same examples classified and regressed: the model runs once for all tasks, which name one version."""
        if not request.tasks:
            raise BodyMalformed("expected at least one task; received none")
        model = self._find(call, request.tasks[0].model_spec)
        for task in request.tasks:
            if self._find(call, task.model_spec) is not model:
                raise InputInvalid.at("/tasks", "tasks of one model and version", "several")
            if task.method_name not in (CLASSIFY, REGRESS):
                raise InputInvalid.at("/tasks", f"{CLASSIFY} or {REGRESS}", repr(task.method_name[:64]))
        inference = await self._infer(call, model, request.input)
        response = serving.MultiInferenceResponse()
        for task in request.tasks:
            result = response.results.add(model_spec=_spec(model))
            if task.method_name == CLASSIFY:
                result.classification_result.CopyFrom(_classified(inference, model))
            else:
                result.regression_result.CopyFrom(_regressed(inference))
        return response

    async def get_model_metadata(
        self, request: serving.GetModelMetadataRequest, call: Call
    ) -> serving.GetModelMetadataResponse:
        """The model's signatures, which is the one field of metadata that there is."""
        model = self._find(call, request.model_spec)
        if not request.metadata_field:
            raise InputInvalid.at("/metadata_field", METADATA_FIELD, "none")
        for field in request.metadata_field:
            if field != METADATA_FIELD:
                raise InputInvalid.at("/metadata_field", METADATA_FIELD, repr(field[:64]))
        return metadata_response(model.name, model.version, model.signature)

    def _find(self, call: Call, spec: serving.ModelSpec) -> ServedModel:
        """The version that a request means; raises `InputInvalid` for a signature that the model does not have."""
        choice = spec.WhichOneof("version_choice")
        version = spec.version.value if choice == "version" else None
        model = self._models.find(call, spec.name, version, spec.version_label if choice == "version_label" else None)
        if spec.signature_name not in ("", SIGNATURE):
            raise InputInvalid.at("/model_spec/signature_name", repr(SIGNATURE), repr(spec.signature_name[:64]))
        return model

    async def _infer(self, call: Call, model: ServedModel, given: serving.Input) -> Inference:
        """The model's outputs for the request's examples."""
        asked = self._models.ask(call, model)
        return await self._models.infer(asked, tensors_of(examples_of(given), model.signature))


def _spec(model: ServedModel) -> serving.ModelSpec:
    """What answered."""
    return serving.ModelSpec(name=model.name, version={"value": model.version}, signature_name=SIGNATURE)


def _filtered(wanted: Collection[str], model: ServedModel) -> list[str]:
    """The outputs that are asked for, in the model's order; raises `InputInvalid` for one that it does not have."""
    names = [spec.name for spec in model.signature.outputs]
    for name in wanted:
        if name not in names:
            raise InputInvalid.at("/output_filter", f"outputs of {', '.join(names)}", repr(name[:64]))
    chosen = set(wanted)
    return [name for name in names if name in chosen] or names


def _classified(inference: Inference, model: ServedModel) -> serving.ClassificationResult:
    """Each row's classes."""
    result = serving.ClassificationResult()
    for row in classifications_of(inference.outputs, model.manifest.labels):
        classes = result.classifications.add().classes
        for label, score in row:
            classes.add(label=label, score=score)
    return result


def _regressed(inference: Inference) -> serving.RegressionResult:
    """Each row's number."""
    result = serving.RegressionResult()
    for value in regressions_of(inference.outputs):
        result.regressions.add(value=value)
    return result
