"""Request bodies to a task's inputs: one reader per kind of input."""

from app.http.bodies.inputs import Inputs, Limits
from app.http.bodies.pictures import FORM, read_form, read_pictures
from app.http.bodies.tensors import read_tensors
from app.http.bodies.texts import read_texts
from app.http.body import Body
from app.lifecycle.served_model import ServedModel

__all__ = ["FORM", "read_any_inputs", "read_inputs"]


def read_inputs(body: Body, model: ServedModel, limits: Limits) -> Inputs:
    """The model's inputs from any body but a form; raises `RequestInvalid`."""
    match model.manifest.task:
        case "sentiment" | "topic":
            return read_texts(body, limits)
        case "digit":
            return read_pictures(body, limits)
        case _:
            return read_tensors(body, model.signature, limits)


async def read_any_inputs(body: Body, model: ServedModel, limits: Limits) -> Inputs:
    """The model's inputs from any body, also from a form where its task takes such; raises `RequestInvalid`."""
    if body.media_type == FORM and model.manifest.task == "digit":
        return await read_form(body, limits)
    return read_inputs(body, model, limits)
